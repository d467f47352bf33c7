import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import {
  agentListSchema,
  objectiveListSchema,
  servedSessionListSchema,
  servedSessionSchema,
  sessionListQuerySchema,
  toolListSchema,
  withEarlierFields,
  type ServedSession,
  type ServedSessionList,
  type SessionListQuery,
  type User,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { CurrentUser } from '../accounts/access';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { UnchangedAnswers, type Basis } from '../requests/unchanged-answers';
import { version } from '../version';
import { etagOf, fingerprint, isHeld } from './etag';
import { Revisions } from './revisions';
import { noSuchSession, SessionDetails } from './session-detail';
import { listRevision, SessionLists } from './session-list';

@Controller('api/sessions')
export class SessionsController {
  constructor(
    private readonly lists: SessionLists,
    private readonly details: SessionDetails,
    private readonly revisions: Revisions,
    private readonly unchanged: UnchangedAnswers,
  ) {}

  @Get()
  @Describes({
    summary: 'Sessions by filter, page by page',
    query: sessionListQuerySchema,
    answer: servedSessionListSchema,
    conditional: true,
  })
  async list(
    @Query(new Parsed(sessionListQuerySchema)) query: SessionListQuery,
    @Headers('if-none-match') held: string | undefined,
    @CurrentUser() user: User,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ServedSessionList | undefined> {
    const read = () => this.revisions.fleet();
    const basis = (fleet: string): Basis => ({
      etag: etagOf(listRevision(fleet, query, user.role)),
      revision: fleet,
      read,
    });
    if (held !== undefined) {
      const known = basis(await read());
      if (isHeld(held, known.etag)) return this.notModified(request, response, known);
    }
    const { fleet, ...list } = await this.lists.page(query);
    this.unchanged.tag(request, response, basis(fleet));
    return {
      ...list,
      items: list.items.map(withEarlierFields),
      revision: listRevision(fleet, query, user.role),
    };
  }

  @Get(':id')
  @Describes({ summary: 'One session', answer: servedSessionSchema, conditional: true, notFound: true })
  async detail(
    @Param('id') id: string,
    @Headers('if-none-match') held: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ServedSession | undefined> {
    const read = () => this.revisions.session(id);
    const basis = (revision: string): Basis => ({ etag: etagOf(shaped(revision)), revision, read });
    if (held !== undefined) {
      const revision = await read();
      if (revision === undefined) throw noSuchSession(id);
      if (isHeld(held, basis(revision).etag)) return this.notModified(request, response, basis(revision));
    }
    const session = await this.details.get(id);
    this.unchanged.tag(request, response, basis(session.revision));
    return withEarlierFields(session);
  }

  @Get(':id/tools')
  @Describes({ summary: 'Tool calls of a session by name', answer: toolListSchema, notFound: true })
  async tools(@Param('id') id: string): Promise<z.infer<typeof toolListSchema>> {
    return { items: (await this.details.get(id)).tools };
  }

  @Get(':id/objectives')
  @Describes({ summary: 'What a session set out to do', answer: objectiveListSchema, notFound: true })
  async objectives(@Param('id') id: string): Promise<z.infer<typeof objectiveListSchema>> {
    const { objectives, stats } = await this.details.get(id);
    return { items: objectives, ...stats.objectives };
  }

  @Get(':id/agents')
  @Describes({ summary: 'Subagents of a session', answer: agentListSchema, notFound: true })
  async agents(@Param('id') id: string): Promise<z.infer<typeof agentListSchema>> {
    return { items: (await this.details.get(id)).agents };
  }

  private notModified(request: Request, response: Response, basis: Basis): undefined {
    this.unchanged.tag(request, response, basis);
    response.status(304);
    return undefined;
  }
}

/** A session's revision together with the shape we give it: another version of ours may answer the same session otherwise. */
function shaped(revision: string): string {
  return fingerprint(version, revision);
}
