import { Module } from '@nestjs/common';
import { PushLog } from './push-log';
import { PushRate } from './push-rate';
import { PushRateGuard } from './push-rate.guard';
import { PushTargets } from './push-targets';
import { PushController } from './push.controller';

@Module({
  controllers: [PushController],
  providers: [PushLog, PushRate, PushRateGuard, PushTargets],
  exports: [PushLog],
})
export class PushModule {}
