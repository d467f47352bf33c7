import { Controller, Get, Param, Query } from '@nestjs/common';
import { timelineSchema } from '@telltale/contracts';
import type { z } from 'zod';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { timelineQuerySchema, Timelines, type TimelineQuery } from './timeline';

@Controller('api/sessions/:id/timeline')
export class TimelineController {
  constructor(private readonly timelines: Timelines) {}

  @Get()
  @Describes({
    summary: "A session's tokens, cost, messages and tool calls over time",
    query: timelineQuerySchema,
    answer: timelineSchema,
    notFound: true,
  })
  timeline(
    @Param('id') id: string,
    @Query(new Parsed(timelineQuerySchema)) query: TimelineQuery,
  ): Promise<z.infer<typeof timelineSchema>> {
    return this.timelines.timeline(id, query);
  }
}
