import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from './accounts/accounts.module';
import { AnalyticsModule } from './analytics/analytics.module';
import type { Connections } from './connections';
import { ConnectionsModule } from './connections.module';
import { controlDatabase } from './database/control-database';
import { HealthModule } from './health/health.module';
import { LiveModule } from './live/live.module';
import { PipelineModule } from './pipeline/pipeline.module';
import { ProblemFilter } from './problems/problem.filter';
import { PushModule } from './push/push.module';
import { ScreenshotsModule } from './screenshots/screenshots.module';
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
        SessionsModule,
        ScreenshotsModule,
        PushModule,
        AnalyticsModule,
        PipelineModule,
        LiveModule,
        HealthModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
