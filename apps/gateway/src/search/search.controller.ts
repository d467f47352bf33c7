import { Controller, Get, Query } from '@nestjs/common';
import {
  searchQuerySchema,
  searchResultSchema,
  type SearchQueryParameters,
  type SearchResult,
} from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { NeedsMemory } from '../memory/needs-memory';
import { Parsed } from '../problems/parse';
import { Searches } from './searches';

/** Eight texts are looked through at once; very long ones are counted beside it. */
const pageBytes = 8 * 1024 * 1024;

@Controller('api/search')
@NeedsMemory(pageBytes)
export class SearchController {
  constructor(private readonly searches: Searches) {}

  @Get()
  @Describes({
    summary: 'Messages and titles that hold these words, newest first',
    query: searchQuerySchema,
    answer: searchResultSchema,
    problems: { 504: 'The search took too long' },
  })
  search(@Query(new Parsed(searchQuerySchema)) query: SearchQueryParameters): Promise<SearchResult> {
    return this.searches.search(query);
  }
}
