import { Inject, Injectable } from '@nestjs/common';
import { isDay, type AnalyticsQuery, type AnalyticsSummary } from '@telltale/contracts';
import { startOfDay } from '@telltale/domain';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { badRequest } from '../problems/problem';
import { Statement } from '../sessions/statement';
import { costOf, tokensOf, type SummedRow } from './figures';
import { summarySql } from './summary-sql';
import { checkedTimeZone, inTimeZone } from './time-zone';

interface Row extends SummedRow {
  readonly is_total: boolean;
  readonly key: string | null;
  readonly grouped: boolean | null;
  readonly sessions: number | bigint;
}

type Group = AnalyticsSummary['groups'][number];

@Injectable()
export class AnalyticsSummaries {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** @throws ProblemException 400 for an unknown time zone or a range that ends before it begins */
  async summary(query: AnalyticsQuery): Promise<AnalyticsSummary> {
    const zone = checkedTimeZone(query.tz);
    const [from, to] = [query.from, query.to].map((text) =>
      text === undefined ? undefined : isDay(text) ? startOfDay(text, zone) : Date.parse(text),
    );
    if (from !== undefined && to !== undefined && to < from) throw badRequest('to', 'This is before from.');
    const { rows } = await inTimeZone(zone, (tz) => {
      const statement = new Statement();
      const text = summarySql({ from, to, session: query.session }, query.groupBy, { tz, statement });
      return this.readModel.query<Row>(text, statement.values);
    });
    const total = rows.find((row) => row.is_total);
    return {
      groups: rows
        .filter((row) => !row.is_total && row.grouped === true)
        .map((row) => (query.groupBy === 'tool' ? toolGroup(row) : { key: row.key, ...figures(row) }))
        .sort(isTime(query.groupBy) ? byKey : bySize),
      total: total ? figures(total) : nothing,
    };
  }
}

function figures(row: Row): AnalyticsSummary['total'] {
  return {
    sessions: Number(row.sessions),
    messages: Number(row.messages),
    toolCalls: Number(row.calls),
    tokens: tokensOf(row),
    costUsd: costOf(row),
  };
}

/** Usage belongs to messages, and those to no tool. */
function toolGroup(row: Row): Group {
  return { key: row.key, ...figures(row), tokens: null, costUsd: null };
}

const nothing: AnalyticsSummary['total'] = {
  sessions: 0,
  messages: 0,
  toolCalls: 0,
  tokens: { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, reasoning: 0, total: 0 },
  costUsd: 0,
};

function isTime(groupBy: AnalyticsQuery['groupBy']): boolean {
  return groupBy === 'day' || groupBy === 'hour';
}

function byKey(a: Group, b: Group): number {
  return keylessLast(a, b) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1);
}

/** The dearest first; what has no price after what has one. */
function bySize(a: Group, b: Group): number {
  const sizes = ({ costUsd, tokens, toolCalls }: Group) => [costUsd ?? -1, tokens?.total ?? 0, toolCalls];
  const [ofA, ofB] = [sizes(a), sizes(b)];
  const differing = ofA.findIndex((size, index) => size !== ofB[index]);
  return (
    keylessLast(a, b) || (differing === -1 ? byKey(a, b) : (ofB[differing] ?? 0) - (ofA[differing] ?? 0))
  );
}

function keylessLast(a: Group, b: Group): number {
  return Number(a.key === null) - Number(b.key === null);
}
