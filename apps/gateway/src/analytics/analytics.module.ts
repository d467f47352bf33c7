import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller';
import { AnalyticsSummaries } from './summary';

@Module({ controllers: [AnalyticsController], providers: [AnalyticsSummaries] })
export class AnalyticsModule {}
