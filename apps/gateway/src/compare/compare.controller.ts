import { Controller, Get, Query } from '@nestjs/common';
import {
  compareQuerySchema,
  comparisonSchema,
  type CompareQuery,
  type Comparison,
} from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { Comparisons } from './comparisons';

@Controller('api/compare')
export class CompareController {
  constructor(private readonly comparisons: Comparisons) {}

  @Get()
  @Describes({
    summary: 'Two to four sessions side by side, figure by figure',
    query: compareQuerySchema,
    answer: comparisonSchema,
    notFound: true,
  })
  compare(@Query(new Parsed(compareQuerySchema)) { ids }: CompareQuery): Promise<Comparison> {
    return this.comparisons.of(ids);
  }
}
