import { Module } from '@nestjs/common';
import { Partitions } from './partitions';
import { PipelineController } from './pipeline.controller';
import { PipelineState } from './pipeline-state';
import { Services } from './services';
import { Watchers } from './watchers';

@Module({ controllers: [PipelineController], providers: [PipelineState, Watchers, Services, Partitions] })
export class PipelineModule {}
