import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { LiveModule } from '../live/live.module';
import { SessionsModule } from '../sessions/sessions.module';
import { AdminSessionsController } from './admin-sessions';
import { SessionChanges } from './changes/session-changes';
import { ClaudeSessionsController } from './claude-sessions';
import { HomePages } from './home-pages';
import { LiveStatsController } from './live-stats';
import { LiveStatsSockets } from './live-stats-sockets';
import { OptimizerGateway } from './optimizer';
import { AdminSessionRows } from './rows/admin-session-rows';
import { AllRevisions } from './rows/all-revisions';
import { FleetFigures } from './rows/fleet-figures';
import { SessionDataRows } from './rows/session-data';
import { TestRunRows } from './rows/test-run-rows';
import { WatchedRows } from './rows/watched-rows';
import { StatCards } from './stat-cards';
import { EventStreams } from './streams/event-streams';
import { tokenInQuery } from './streams/token-in-query';
import { UpgradeAccess } from './streams/upgrades';
import { TestRunsController, TestRunWatch } from './test-runs';

/**
 * The five earlier systems' clients connect here unchanged but for address and credential: translations of what the
 * read model and its deltas say.
 */
@Module({
  imports: [LiveModule, SessionsModule],
  controllers: [TestRunsController, ClaudeSessionsController, AdminSessionsController, LiveStatsController],
  providers: [
    ...[SessionChanges, AllRevisions, EventStreams, UpgradeAccess],
    ...[TestRunWatch, TestRunRows],
    ...[HomePages, SessionDataRows],
    AdminSessionRows,
    OptimizerGateway,
    ...[LiveStatsSockets, StatCards, WatchedRows, FleetFigures],
  ],
})
export class CompatModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(tokenInQuery).forRoutes('api/sessions/watch', 'api/claude-sessions/stream');
  }
}
