import { Controller, Get, Query } from '@nestjs/common';
import {
  analyticsQuerySchema,
  analyticsSummarySchema,
  type AnalyticsQuery,
  type AnalyticsSummary,
} from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { AnalyticsSummaries } from './summary';

@Controller('api/analytics')
export class AnalyticsController {
  constructor(private readonly summaries: AnalyticsSummaries) {}

  @Get('summary')
  @Describes({
    summary: 'Sessions, messages, tool calls, tokens and cost, grouped',
    query: analyticsQuerySchema,
    answer: analyticsSummarySchema,
  })
  summary(@Query(new Parsed(analyticsQuerySchema)) query: AnalyticsQuery): Promise<AnalyticsSummary> {
    return this.summaries.summary(query);
  }
}
