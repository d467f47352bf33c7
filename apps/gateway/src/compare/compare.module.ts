import { Module } from '@nestjs/common';
import { CompareController } from './compare.controller';
import { Comparisons } from './comparisons';

@Module({ controllers: [CompareController], providers: [Comparisons] })
export class CompareModule {}
