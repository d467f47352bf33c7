import { Inject, Injectable } from '@nestjs/common';
import { pushIdPrefix, type AdminSession, type Status } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { isSession } from '../../sessions/list-filters';

const pageSize = 2000;

/** Summed up while the pages are read, so that they say the same as the sessions sent. */
export interface AdminTotals {
  active: number;
  total_messages: number;
  most_recent_activity: string | null;
}

interface Row {
  readonly id: string;
  readonly user: string | null;
  readonly title: string | null;
  readonly createdAt: string | null;
  readonly lastActivity: string | null;
  readonly messages: number;
  readonly status: Status;
  readonly started: string;
}

@Injectable()
export class AdminSessionRows {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** All sessions, the newest first, as JSON without brackets, page by page. */
  async *pages(totals: AdminTotals): AsyncGenerator<string> {
    let after: Row | undefined;
    do {
      const rows: Row[] = await this.page(after);
      for (const row of rows) add(totals, row);
      yield JSON.stringify(rows.map(adminSession)).slice(1, -1);
      after = rows.length === pageSize ? rows.at(-1) : undefined;
    } while (after);
  }

  private async page(after: Row | undefined): Promise<Row[]> {
    const behind = after ? 'and (s.started_at, s.id) < ($2::timestamptz, $3)' : '';
    const { rows } = await this.readModel.query<Row>({
      name: `admin-sessions${after ? '-next' : ''}`,
      text: `select s.id, s."user", s.title, s.messages, s.status, s.started_at::text as started,
               s.summary->>'startedAt' as "createdAt", s.summary->>'lastActivityAt' as "lastActivity"
             from session s where ${isSession} ${behind} order by s.started_at desc nulls last, s.id desc limit $1`,
      values: [pageSize, ...(after ? [after.started, after.id] : [])],
    });
    return rows;
  }
}

function adminSession(row: Row): AdminSession {
  const created = row.createdAt ?? new Date(0).toISOString();
  return {
    session_id: row.id.startsWith(pushIdPrefix) ? row.id.slice(pushIdPrefix.length) : row.id,
    user: row.user,
    title: row.title,
    created_at: created,
    last_activity: row.lastActivity ?? created,
    message_count: row.messages,
    status: row.status,
  };
}

function add(totals: AdminTotals, { status, messages, lastActivity }: Row): void {
  if (status === 'running' || status === 'waiting') totals.active += 1;
  totals.total_messages += messages;
  if (lastActivity !== null && lastActivity > (totals.most_recent_activity ?? '')) {
    totals.most_recent_activity = lastActivity;
  }
}
