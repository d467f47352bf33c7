import { Inject, Injectable } from '@nestjs/common';
import type { StatsLive } from '@telltale/contracts';
import type pg from 'pg';
import { CLOCK, READ_MODEL, type Clock } from '../../connections';
import { Coalesced } from '../../work/coalesced';
import { isSession } from '../../sessions/list-filters';
import { Revisions } from '../../sessions/revisions';

interface Row {
  readonly messages: string;
  readonly tools: string;
  readonly tokens: string;
  readonly pico: string;
  readonly active: string;
  readonly latest: Date | null;
}

/** Summing takes no more than a tenth of the time, however often it is asked for: 100,000 sessions are no small sum. */
const restsPerSum = 9;

interface Summed {
  readonly revision: string;
  readonly figures: StatsLive;
  /** Until then this is good enough, whatever changed; as `performance.now()` tells time. */
  readonly restsUntil: number;
}

/** What all sessions come to; summed once for all who ask at the same time, and only after something changed. */
@Injectable()
export class FleetFigures {
  private readonly figures = new Coalesced(() => this.current());
  private summed: Summed | undefined;

  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly revisions: Revisions,
  ) {}

  read(): Promise<StatsLive> {
    return this.figures.get();
  }

  private async current(): Promise<StatsLive> {
    const began = performance.now();
    if (this.summed && began < this.summed.restsUntil) return this.summed.figures;
    // Read before the sum: that may be newer than its revision, never older.
    const revision = await this.revisions.fleet();
    if (this.summed?.revision === revision) return this.summed.figures;
    const figures = await this.sum();
    const ended = performance.now();
    this.summed = { revision, figures, restsUntil: ended + restsPerSum * (ended - began) };
    return figures;
  }

  private async sum(): Promise<StatsLive> {
    const { rows } = await this.readModel.query<Row>({
      name: 'fleet-figures',
      text: `select coalesce(sum(messages), 0)::text as messages, coalesce(sum(tool_calls), 0)::text as tools,
               coalesce(sum(tokens_total), 0)::text as tokens, coalesce(sum(cost_pico), 0)::text as pico,
               count(*) filter (where status in ('running', 'waiting'))::text as active, max(last_activity_at) as latest
             from session s where ${isSession}`,
    });
    const [row] = rows;
    if (!row) throw new Error('a sum over no rows is a row, too');
    return {
      total_messages: Number(row.messages),
      total_tools: Number(row.tools),
      total_tokens: Number(row.tokens),
      total_cost: Number(row.pico) / 1e12,
      active_sessions: Number(row.active),
      last_updated: (row.latest ?? new Date(this.now())).toISOString(),
    };
  }
}
