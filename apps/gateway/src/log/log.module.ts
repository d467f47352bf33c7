import { Module } from '@nestjs/common';
import { FullTexts } from './full-texts';
import { LogReader } from './log-reader';

@Module({ providers: [LogReader, FullTexts], exports: [FullTexts] })
export class LogModule {}
