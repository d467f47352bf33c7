import { Controller, Get, Headers, Res } from '@nestjs/common';
import { adminSessionsSchema } from '@telltale/contracts';
import type { Response } from 'express';
import { ForRoles, ForScope } from '../accounts/access';
import { Describes } from '../openapi/describes';
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
  ) {}

  @Get()
  @ForScope('admin')
  @ForRoles('admin')
  @Describes({
    summary: 'All sessions in one answer, for the earlier chat admin page',
    answer: adminSessionsSchema,
    conditional: true,
    problems: { 403: 'The token lacks the scope admin, or the user is no administrator' },
  })
  async list(@Headers('if-none-match') held: string | undefined, @Res() response: Response): Promise<void> {
    // Read before the sessions: these may be newer than their tag says, never older.
    const etag = etagOf(fingerprint('admin-sessions', version, await this.revisions.fleet()));
    const headers = { etag, 'cache-control': 'private, no-cache' };
    if (isHeld(held, etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const totals: AdminTotals = { active: 0, total_messages: 0, most_recent_activity: null };
    const rest = () => `],${JSON.stringify(totals).slice(1)}`;
    await sendParts(response, framed('{"sessions":[', this.sessions.pages(totals), rest), headers);
  }
}
