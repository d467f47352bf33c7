import { Module } from '@nestjs/common';
import { DeletedSessionsModule } from '../deleting/deleted-sessions.module';
import { SessionsModule } from '../sessions/sessions.module';
import { FactHistory } from './fact-history';
import { HistoryLimits } from './held-sessions';
import { HistoryWork } from './history-work';
import { Provenances } from './provenance';
import { ProvenanceController } from './provenance.controller';
import { Replays } from './replays';
import { SessionLog } from './session-log';
import { SessionStates } from './state';
import { StateController } from './state.controller';
import { Traces } from './traces';

@Module({
  imports: [SessionsModule, DeletedSessionsModule],
  controllers: [StateController, ProvenanceController],
  providers: [
    FactHistory,
    SessionLog,
    HistoryWork,
    HistoryLimits,
    Replays,
    SessionStates,
    Traces,
    Provenances,
  ],
})
export class HistoryModule {}
