import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import {
  sessionFacetsQuerySchema,
  sessionFacetsSchema,
  type SessionFacets,
  type SessionFacetsQuery,
} from '@telltale/contracts';
import type { Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { version } from '../version';
import { etagOf, fingerprint, isHeld } from './etag';
import { SessionFacetCounts } from './facets';
import { Revisions } from './revisions';

/** Not below `sessions/`: every word there is the id of a session. */
@Controller('api/facets')
export class FacetsController {
  constructor(
    private readonly facets: SessionFacetCounts,
    private readonly revisions: Revisions,
  ) {}

  @Get()
  @Describes({
    summary: 'How many sessions each choice of a filter would show',
    query: sessionFacetsQuerySchema,
    answer: sessionFacetsSchema,
    conditional: true,
  })
  async counts(
    @Query(new Parsed(sessionFacetsQuerySchema)) query: SessionFacetsQuery,
    @Headers('if-none-match') held: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionFacets | undefined> {
    // read before the counts: at worst the next question finds news that it has already
    const etag = etagOf(fingerprint(version, await this.revisions.fleet(), Object.entries(query).sort()));
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'private, no-cache');
    if (isHeld(held, etag)) {
      response.status(304);
      return undefined;
    }
    return this.facets.counts(query);
  }
}
