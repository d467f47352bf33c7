import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { SessionsModule } from '../sessions/sessions.module';
import { AnsweringLog } from './answering-log';
import { Exports } from './exports';
import { ExportsController } from './exports.controller';
import { FileSender } from './file-sender';
import { SessionPdfs } from './pdf/session-pdfs';
import { SessionFeed } from './session-feed';
import { SessionRows } from './session-rows';

@Module({
  imports: [SessionsModule, LogModule],
  controllers: [ExportsController],
  providers: [AnsweringLog, Exports, FileSender, SessionFeed, SessionPdfs, SessionRows],
})
export class ExportsModule {}
