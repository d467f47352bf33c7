import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import {
  sessionFacetsQuerySchema,
  sessionFacetsSchema,
  type SessionFacets,
  type SessionFacetsQuery,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { UnchangedAnswers } from '../requests/unchanged-answers';
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
    private readonly unchanged: UnchangedAnswers,
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
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionFacets | undefined> {
    // read before the counts: at worst the next question finds news that it has already
    const read = () => this.revisions.fleet();
    const revision = await read();
    const etag = etagOf(fingerprint(version, revision, Object.entries(query).sort()));
    this.unchanged.tag(request, response, { etag, revision, read });
    if (isHeld(request.headers['if-none-match'], etag)) {
      response.status(304);
      return undefined;
    }
    return this.facets.counts(query);
  }
}
