import { Inject, Injectable } from '@nestjs/common';
import { timelineBuckets, timelineSchema } from '@telltale/contracts';
import type pg from 'pg';
import { z } from 'zod';
import {
  countedToolRows,
  countedTools,
  countedUsage,
  countedUsageRows,
  type Scope,
} from '../analytics/counted-rows';
import { costOf, summedColumns, tokensOf, type SummedRow } from '../analytics/figures';
import { checkedTimeZone, inTimeZone } from '../analytics/time-zone';
import { READ_MODEL } from '../connections';
import { noSuchSession } from './session-detail';
import { Statement } from './statement';

export const timelineQuerySchema = z.strictObject({
  bucket: z.enum([...timelineBuckets, 'auto']).default('auto'),
  tz: z.string().max(100).default('UTC'),
});
export type TimelineQuery = z.infer<typeof timelineQuerySchema>;
type Timeline = z.infer<typeof timelineSchema>;
type Bucket = Timeline['bucket'];

const hourMs = 3_600_000;

@Injectable()
export class Timelines {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /**
   * Points where something happened, oldest first; `at` is the start of the bucket in the time zone.
   * @throws ProblemException 404 for an unknown session, 400 for an unknown time zone
   */
  async timeline(sessionId: string, query: TimelineQuery): Promise<Timeline> {
    const zone = checkedTimeZone(query.tz);
    const span = await this.spanMs(sessionId);
    const bucket = query.bucket === 'auto' ? bucketFor(span) : query.bucket;
    const scope: Scope = { from: undefined, to: undefined, session: sessionId };
    const { rows } = await inTimeZone(zone, (tz) => {
      const statement = new Statement();
      const text = timelineSql(scope, bucket, { zone: statement.bind(tz), statement });
      return this.readModel.query<SummedRow & { readonly at: Date }>(text, statement.values);
    });
    return { bucket, points: rows.map(pointOf) };
  }

  private async spanMs(sessionId: string): Promise<number> {
    const { rows } = await this.readModel.query<{ ms: number | null }>(
      `select (extract(epoch from last_activity_at - started_at) * 1000)::float8 as ms
       from session where id = $1 and started_at is not null`,
      [sessionId],
    );
    if (!rows[0]) throw noSuchSession(sessionId);
    return rows[0].ms ?? 0;
  }
}

/** A few hundred points at most: minutes of an afternoon, hours of a fortnight. */
function bucketFor(spanMs: number): Bucket {
  if (spanMs <= 6 * hourMs) return 'minute';
  return spanMs <= 14 * 24 * hourMs ? 'hour' : 'day';
}

function timelineSql(
  scope: Scope,
  bucket: Bucket,
  { zone, statement }: { zone: string; statement: Statement },
): string {
  const fine = bucket === 'minute';
  const usage = fine ? countedUsageRows(scope, statement) : countedUsage(scope, statement);
  const tools = fine ? countedToolRows(scope, statement) : countedTools(scope, statement);
  return `
with counted as (
  select at, messages, 0 as calls, input, output, cache_write_5m, cache_write_1h, cache_read, reasoning, cost_pico,
    priced, unpriced from (${usage}) r
  union all
  select at, 0, calls, 0, 0, 0, 0, 0, 0, 0, 0, 0 from (${tools}) t
)
select date_trunc('${bucket}', at, ${zone}) as at, ${summedColumns} from counted group by 1 order by 1`;
}

function pointOf(row: SummedRow & { readonly at: Date }): Timeline['points'][number] {
  return {
    at: row.at.toISOString(),
    tokens: tokensOf(row),
    costUsd: costOf(row),
    messages: Number(row.messages),
    toolCalls: Number(row.calls),
  };
}
