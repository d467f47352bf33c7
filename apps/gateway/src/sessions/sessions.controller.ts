import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
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
import type { Response } from 'express';
import type { z } from 'zod';
import { CurrentUser } from '../accounts/access';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { version } from '../version';
import { etagOf, fingerprint, isHeld } from './etag';
import { Revisions } from './revisions';
import { noSuchSession, SessionDetails } from './session-detail';
import { SessionLists } from './session-list';

@Controller('api/sessions')
export class SessionsController {
  constructor(
    private readonly lists: SessionLists,
    private readonly details: SessionDetails,
    private readonly revisions: Revisions,
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
    @Res({ passthrough: true }) response: Response,
  ): Promise<ServedSessionList | undefined> {
    if (held !== undefined) {
      const revision = await this.lists.revision(query, user.role);
      if (isHeld(held, etagOf(revision))) return notModified(response, revision);
    }
    const list = await this.lists.list(query, user.role);
    tag(response, list.revision);
    return { ...list, items: list.items.map(withEarlierFields) };
  }

  @Get(':id')
  @Describes({ summary: 'One session', answer: servedSessionSchema, conditional: true, notFound: true })
  async detail(
    @Param('id') id: string,
    @Headers('if-none-match') held: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ServedSession | undefined> {
    if (held !== undefined) {
      const revision = await this.revisions.session(id);
      if (revision === undefined) throw noSuchSession(id);
      if (isHeld(held, etagOf(shaped(revision)))) return notModified(response, shaped(revision));
    }
    const session = await this.details.get(id);
    tag(response, shaped(session.revision));
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
}

/** A session's revision together with the shape we give it: another version of ours may answer the same session otherwise. */
function shaped(revision: string): string {
  return fingerprint(version, revision);
}

function tag(response: Response, revision: string): void {
  response.setHeader('etag', etagOf(revision));
  response.setHeader('cache-control', 'private, no-cache');
}

function notModified(response: Response, revision: string): undefined {
  response.status(304);
  tag(response, revision);
  return undefined;
}
