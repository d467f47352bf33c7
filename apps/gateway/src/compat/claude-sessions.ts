import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { refreshedSchema, sessionDataListSchema, type Refreshed } from '@telltale/contracts';
import type { Request, Response } from 'express';
import { ForScope } from '../accounts/access';
import { NeedsMemory } from '../memory/needs-memory';
import { Describes } from '../openapi/describes';
import { HomePages } from './home-pages';
import { SessionDataRows } from './rows/session-data';
import { EventStreams } from './streams/event-streams';
import { tooManyOpen } from './streams/too-many-sockets';
import { framed, sendParts } from './streams/send-parts';

/** [H] The session home page. */
@Controller('api/claude-sessions')
export class ClaudeSessionsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly pages: HomePages,
    private readonly sessions: SessionDataRows,
  ) {}

  @Get('stream')
  @Describes({
    summary:
      'Claude Code and OpenCode sessions as server-sent events, for the earlier home page; ?access_token= is taken',
    produces: 'text/event-stream',
    problems: tooManyOpen,
  })
  async stream(@Req() request: Request, @Res() response: Response): Promise<void> {
    const stream = await this.streams.open(request, response);
    if (stream) await this.pages.join(stream);
  }

  @Get('all')
  @NeedsMemory(4 * 1024 * 1024) // two pages of 1,000
  @Describes({
    summary: 'All Claude Code and OpenCode sessions in one answer, for the earlier home page',
    answer: sessionDataListSchema,
  })
  async all(@Res() response: Response): Promise<void> {
    const parts = framed('[', this.sessions.pages(), () => ']');
    await sendParts(response, parts, { 'cache-control': 'no-store' });
  }

  @Post('refresh')
  @HttpCode(200)
  @ForScope('read')
  @Describes({ summary: 'Has every home page sent all sessions anew', answer: refreshedSchema })
  refresh(): Refreshed {
    this.pages.refreshEverywhere();
    return { success: true };
  }
}
