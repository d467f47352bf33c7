import { Module } from '@nestjs/common';
import { QuarantineRecords } from './quarantine-records';
import { QuarantineController } from './quarantine.controller';
import { Retries } from './retries';

@Module({ controllers: [QuarantineController], providers: [QuarantineRecords, Retries] })
export class QuarantineModule {}
