import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from './accounts/accounts.module';
import { AnalyticsModule } from './analytics/analytics.module';
import { BudgetsModule } from './budgets/budgets.module';
import { CompareModule } from './compare/compare.module';
import { CompatModule } from './compat/compat.module';
import type { Connections } from './connections';
import { ConnectionsModule } from './connections.module';
import { controlDatabase } from './database/control-database';
import { DeletingModule } from './deleting/deleting.module';
import { ExportsModule } from './exports/exports.module';
import { HealthModule } from './health/health.module';
import { HistoryModule } from './history/history.module';
import { LiveModule } from './live/live.module';
import { MemoryModule } from './memory/memory.module';
import { AsyncApiController } from './openapi/asyncapi.controller';
import { PipelineModule } from './pipeline/pipeline.module';
import { NoUnknownQuery } from './openapi/no-unknown-query';
import { ProblemFilter } from './problems/problem.filter';
import { PushModule } from './push/push.module';
import { QuarantineModule } from './quarantine/quarantine.module';
import { ScreenshotsModule } from './screenshots/screenshots.module';
import { SearchModule } from './search/search.module';
import { SessionsModule } from './sessions/sessions.module';

@Module({})
export class AppModule {
  static of(connections: Connections): DynamicModule {
    const { config, logger } = connections;
    return {
      module: AppModule,
      imports: [
        ConnectionsModule.of(connections),
        // Waits for Postgres for as long as it takes, as the NATS connection does.
        TypeOrmModule.forRoot({
          ...controlDatabase(config.databaseUrl, logger),
          retryAttempts: Number.MAX_SAFE_INTEGER,
          retryDelay: 1000,
        }),
        AccountsModule,
        MemoryModule,
        // Before the sessions: its `GET /api/sessions/watch` would be taken for a session's id.
        CompatModule,
        SessionsModule,
        HistoryModule,
        CompareModule,
        ExportsModule,
        ScreenshotsModule,
        PushModule,
        DeletingModule,
        SearchModule,
        AnalyticsModule,
        PipelineModule,
        QuarantineModule,
        LiveModule,
        BudgetsModule,
        HealthModule,
      ],
      controllers: [AsyncApiController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: NoUnknownQuery },
      ],
    };
  }
}
