import { Controller, Get, Req, Res } from '@nestjs/common';
import { adminSessionsSchema } from '@telltale/contracts';
import type { Request, Response } from 'express';
import { ForRoles, ForScope } from '../accounts/access';
import { NeedsMemory } from '../memory/needs-memory';
import { Describes } from '../openapi/describes';
import { UnchangedAnswers } from '../requests/unchanged-answers';
import { etagOf, fingerprint, isHeld } from '../sessions/etag';
import { Revisions } from '../sessions/revisions';
import { version } from '../version';
import { AdminSessionRows, type AdminTotals } from './rows/admin-session-rows';
import { framed, sendParts } from './streams/send-parts';

/** [A] The chat admin's sessions page. */
@Controller('api/admin/sessions')
export class AdminSessionsController {
  constructor(
    private readonly sessions: AdminSessionRows,
    private readonly revisions: Revisions,
    private readonly unchanged: UnchangedAnswers,
  ) {}

  @Get()
  @NeedsMemory(4 * 1024 * 1024) // a page; what is kept is bounded by itself
  @ForScope('admin')
  @ForRoles('admin')
  @Describes({
    summary: 'All sessions in one answer, for the earlier chat admin page',
    answer: adminSessionsSchema,
    conditional: true,
    problems: { 403: 'The token lacks the scope admin, or the user is no administrator' },
  })
  async list(@Req() request: Request, @Res() response: Response): Promise<void> {
    // Read before the sessions: these may be newer than their tag says, never older.
    const read = () => this.revisions.fleet();
    const revision = await read();
    const etag = etagOf(fingerprint('admin-sessions', version, revision));
    this.unchanged.tag(request, response, { etag, revision, read });
    if (isHeld(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return;
    }
    const totals: AdminTotals = { active: 0, total_messages: 0, most_recent_activity: null };
    const rest = () => `],${JSON.stringify(totals).slice(1)}`;
    await sendParts(response, framed('{"sessions":[', this.sessions.pages(totals), rest));
  }
}
