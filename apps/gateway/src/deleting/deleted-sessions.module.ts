import { Global, Module } from '@nestjs/common';
import { DeletedSessions } from './deleted-sessions';

/** For every module that keeps something of sessions. */
@Global()
@Module({ providers: [DeletedSessions], exports: [DeletedSessions] })
export class DeletedSessionsModule {}
