import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import {
  servedSessionSchema,
  sessionStateQuerySchema,
  type ServedSession,
  type SessionStateQuery,
} from '@telltale/contracts';
import type { Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { etagOf, fingerprint, isHeld } from '../sessions/etag';
import { Revisions } from '../sessions/revisions';
import { noSuchSession } from '../sessions/session-detail';
import { version } from '../version';
import { historyProblems } from './history-problems';
import { leaving } from '../work/leaving';
import { SessionStates } from './state';

@Controller('api/sessions/:id/state')
export class StateController {
  constructor(
    private readonly states: SessionStates,
    private readonly revisions: Revisions,
  ) {}

  @Get()
  @Describes({
    summary: 'A session as it was at a time; 404 before it began',
    query: sessionStateQuerySchema,
    answer: servedSessionSchema,
    conditional: true,
    notFound: true,
    problems: historyProblems,
  })
  async state(
    @Param('id') id: string,
    @Query(new Parsed(sessionStateQuerySchema)) query: SessionStateQuery,
    @Headers('if-none-match') held: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ServedSession | undefined> {
    const at = this.states.moment(query.at);
    const revision = await this.revisions.session(id);
    if (revision === undefined) throw noSuchSession(id);
    if (isHeld(held, tagOf(revision, at))) {
      response.status(304);
      tag(response, revision, at);
      return undefined;
    }
    const session = await this.states.at(id, at, leaving(response));
    tag(response, session.revision, at);
    return session;
  }
}

function tagOf(revision: string, at: number): string {
  return etagOf(fingerprint(version, revision, at));
}

function tag(response: Response, revision: string, at: number): void {
  response.setHeader('etag', tagOf(revision, at));
  response.setHeader('cache-control', 'private, no-cache');
}
