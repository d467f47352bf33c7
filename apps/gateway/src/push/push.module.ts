import { Module } from '@nestjs/common';
import { PushLog } from './push-log';
import { PushRateGuard } from './push-rate.guard';
import { PushTargets } from './push-targets';
import { PushController } from './push.controller';

@Module({
  controllers: [PushController],
  providers: [PushLog, PushRateGuard, PushTargets],
  exports: [PushLog],
})
export class PushModule {}
