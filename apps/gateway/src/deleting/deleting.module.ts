import { Module } from '@nestjs/common';
import { PushModule } from '../push/push.module';
import { DeletedSessionsModule } from './deleted-sessions.module';
import { Deletions } from './deletions';
import { DeletionsController } from './deletions.controller';

@Module({
  imports: [DeletedSessionsModule, PushModule],
  controllers: [DeletionsController],
  providers: [Deletions],
})
export class DeletingModule {}
