import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { LogModule } from '../log/log.module';
import { UnchangedAnswers } from '../requests/unchanged-answers';
import { MessageTexts } from './message-text';
import { Messages } from './messages';
import { MessagesController } from './messages.controller';
import { Revisions } from './revisions';
import { FacetsController } from './facets.controller';
import { SessionFacetCounts } from './facets';
import { SessionDetails } from './session-detail';
import { SessionLists } from './session-list';
import { SessionsController } from './sessions.controller';
import { TimelineController } from './timeline.controller';
import { Timelines } from './timeline';

@Module({
  imports: [AccountsModule, LogModule],
  controllers: [FacetsController, SessionsController, MessagesController, TimelineController],
  providers: [
    UnchangedAnswers,
    Revisions,
    SessionFacetCounts,
    SessionLists,
    SessionDetails,
    Messages,
    MessageTexts,
    Timelines,
  ],
  exports: [UnchangedAnswers, Revisions, SessionLists, SessionDetails, Messages, Timelines, MessageTexts],
})
export class SessionsModule {}
