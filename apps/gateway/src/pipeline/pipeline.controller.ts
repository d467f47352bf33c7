import { Controller, Get } from '@nestjs/common';
import { pipelineSchema, type Pipeline } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { PipelineState } from './pipeline-state';

@Controller('api/pipeline')
export class PipelineController {
  constructor(private readonly pipeline: PipelineState) {}

  @Get()
  @Describes({
    summary: 'Watchers, log and projections: how far, how fast, how large',
    answer: pipelineSchema,
  })
  state(): Promise<Pipeline> {
    return this.pipeline.state();
  }
}
