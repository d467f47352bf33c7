import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { pushIdPrefix, type AdminSession, type Status } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { KeptSessions } from './kept/kept-sessions';

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
}

/** All sessions as the chat admin's page lists them. */
@Injectable()
export class AdminSessionRows implements BeforeApplicationShutdown {
  private readonly kept: KeptSessions<Row>;
  /** Of pages that were sent; they stay the same while none of their sessions changes. */
  private readonly totals = new WeakMap<Buffer, AdminTotals>();

  constructor(@Inject(READ_MODEL) readModel: pg.Pool) {
    this.kept = new KeptSessions(readModel, {
      name: 'admin-sessions',
      columns: `s.id, s."user", s.title, s.messages, s.status,
        s.summary->>'startedAt' as "createdAt", s.summary->>'lastActivityAt' as "lastActivity"`,
      joins: '',
      where: 'true',
      json: (row) => JSON.stringify(adminSession(row)),
    });
  }

  /** All sessions, the newest first, as JSON without brackets, page by page. */
  async *pages(totals: AdminTotals): AsyncGenerator<Buffer> {
    for await (const page of this.kept.pages()) {
      add(totals, this.totalsOf(page));
      yield page;
    }
  }

  beforeApplicationShutdown(): void {
    this.kept.forget();
  }

  private totalsOf(page: Buffer): AdminTotals {
    const known = this.totals.get(page);
    if (known) return known;
    const totals: AdminTotals = { active: 0, total_messages: 0, most_recent_activity: null };
    const sessions = JSON.parse(`[${page.toString()}]`) as readonly AdminSession[];
    for (const session of sessions) add(totals, totalsOfOne(session));
    this.totals.set(page, totals);
    return totals;
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

function totalsOfOne({ status, message_count, last_activity }: AdminSession): AdminTotals {
  const isActive = status === 'running' || status === 'waiting';
  return {
    active: isActive ? 1 : 0,
    total_messages: message_count,
    most_recent_activity: last_activity,
  };
}

function add(totals: AdminTotals, { active, total_messages, most_recent_activity }: AdminTotals): void {
  totals.active += active;
  totals.total_messages += total_messages;
  if ((most_recent_activity ?? '') > (totals.most_recent_activity ?? '')) {
    totals.most_recent_activity = most_recent_activity;
  }
}
