import { Controller, Get, Query } from '@nestjs/common';
import {
  sessionLiveQuerySchema,
  sessionLiveSchema,
  statsLiveQuerySchema,
  statsLiveSchema,
  type SessionLive,
  type StatsLive,
} from '@telltale/contracts';
import type { z } from 'zod';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { SessionDetails } from '../sessions/session-detail';
import { FleetFigures } from './rows/fleet-figures';
import { statValues } from '../live/stat-frames';

/** [L] What the live stat cards ask for; their WebSockets: {@link LiveStatsSockets}. */
@Controller('api/v1/analytics')
export class LiveStatsController {
  constructor(
    private readonly details: SessionDetails,
    private readonly fleet: FleetFigures,
  ) {}

  @Get('session/live')
  @Describes({
    summary: 'The figures of a session, for the earlier stat cards',
    query: sessionLiveQuerySchema,
    answer: sessionLiveSchema,
    notFound: true,
  })
  async session(
    @Query(new Parsed(sessionLiveQuerySchema)) { session_id }: z.infer<typeof sessionLiveQuerySchema>,
  ): Promise<SessionLive> {
    const { stats, status, lastActivityAt } = await this.details.get(session_id);
    const { messages, tools, tokens, cost } = statValues(stats);
    return {
      session_id,
      message_count: messages,
      tool_usage_count: tools,
      token_count: tokens,
      cost,
      last_activity: lastActivityAt,
      is_active: status === 'running' || status === 'waiting',
    };
  }

  @Get('stats/live')
  @Describes({
    summary: 'The figures of all sessions, or of one, for the earlier stat cards',
    query: statsLiveQuerySchema,
    answer: statsLiveSchema,
    notFound: true,
  })
  async stats(
    @Query(new Parsed(statsLiveQuerySchema)) { session_id }: z.infer<typeof statsLiveQuerySchema>,
  ): Promise<StatsLive> {
    if (session_id === undefined) return this.fleet.read();
    const session = await this.session({ session_id });
    return {
      total_messages: session.message_count,
      total_tools: session.tool_usage_count,
      total_tokens: session.token_count,
      total_cost: session.cost,
      active_sessions: session.is_active ? 1 : 0,
      last_updated: session.last_activity ?? new Date(0).toISOString(),
    };
  }
}
