import { Inject, Injectable } from '@nestjs/common';
import type { SessionData, Status, Summary } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { Coalesced } from '../../live/coalesced';
import { isSession } from '../../sessions/list-filters';

/** The home page knew these tools. */
const itsSources = `s.source in ('claude-code', 'opencode')`;
const pageSize = 1000;

type Told = Pick<
  Summary,
  'id' | 'nativeId' | 'title' | 'branch' | 'parentId' | 'startedAt' | 'lastActivityAt'
>;

interface Row extends Told {
  readonly path: string | null;
  readonly firstPrompt: string | null;
  readonly messages: number;
  readonly status: Status;
  readonly archived: boolean;
  /** In the database's own precision: where the next page begins. */
  readonly started: string;
}

interface PageEnd {
  readonly started: string;
  readonly id: string;
}

interface Page {
  readonly text: string;
  /** Undefined: there are no more. */
  readonly end: PageEnd | undefined;
}

/** A session and whether it goes on. */
export interface SessionDataRow {
  readonly data: SessionData;
  readonly ended: boolean;
}

/** Claude Code and OpenCode sessions as the home page shows them; sets of them, never one by one. */
@Injectable()
export class SessionDataRows {
  private readonly making = new Map<string, Coalesced<Page>>();

  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** Those of these sessions that there are, by id. */
  async of(ids: readonly string[]): Promise<Map<string, SessionDataRow>> {
    const { rows } = await this.readModel.query<Row>({
      name: 'session-data-of',
      text: `${select} and s.id = any($1)`,
      values: [ids],
    });
    return new Map(
      rows.map((row) => [row.id, { data: sessionData(row), ended: row.archived || hasEnded(row.status) }]),
    );
  }

  /**
   * All of them, the newest first, page by page: a reader who takes his time holds no connection. A session's start
   * hardly ever moves, and then to the past: none is left out. Each page is the JSON of its sessions, without brackets,
   * and is made once for all who ask for it at the same time.
   */
  async *pages(): AsyncGenerator<string> {
    let after: PageEnd | undefined;
    do {
      const page = await this.shared(after);
      yield page.text;
      after = page.end;
    } while (after);
  }

  private async shared(after: PageEnd | undefined): Promise<Page> {
    const key = after ? `${after.started} ${after.id}` : '';
    const making = this.making.get(key) ?? new Coalesced(() => this.page(after));
    this.making.set(key, making);
    try {
      return await making.get();
    } finally {
      if (this.making.get(key) === making) this.making.delete(key);
    }
  }

  private async page(after: PageEnd | undefined): Promise<Page> {
    const behind = after ? 'and (s.started_at, s.id) < ($2::timestamptz, $3)' : '';
    const { rows } = await this.readModel.query<Row>({
      name: `session-data-page${after ? '-next' : ''}`,
      text: `${select} ${behind} order by s.started_at desc nulls last, s.id desc limit $1`,
      values: [pageSize, ...(after ? [after.started, after.id] : [])],
    });
    const last = rows.at(-1);
    return {
      text: JSON.stringify(rows.map(sessionData)).slice(1, -1),
      end: last && rows.length === pageSize ? { started: last.started, id: last.id } : undefined,
    };
  }
}

const select = `
  select s.id, s.summary->>'nativeId' as "nativeId", s.title, s.project_path as path, s.branch, s.status, s.archived,
         s.messages, s.started_at::text as started, s.summary->>'startedAt' as "startedAt",
         s.summary->>'lastActivityAt' as "lastActivityAt", s.summary->>'parentId' as "parentId",
         p.preview as "firstPrompt"
  from session s left join lateral (
    select i.preview from item i
    where i.session_id = s.id and i.kind = 'prompt' and i.used and i.agent_id is null
    order by i.at, i.sequence, i.line, i.key limit 1) p on true
  where ${isSession} and ${itsSources}`;

export function hasEnded(status: Status | undefined): boolean {
  return status === 'completed' || status === 'failed';
}

function sessionData(row: Row): SessionData {
  const created = row.startedAt ?? new Date(0).toISOString();
  const modified = row.lastActivityAt ?? created;
  return {
    id: row.id,
    sessionId: row.nativeId,
    title: row.title ?? '',
    directory: row.path ?? '',
    projectPath: row.path ?? '',
    firstPrompt: row.firstPrompt ?? '',
    messageCount: row.messages,
    createdAt: Date.parse(created),
    updatedAt: Date.parse(modified),
    created,
    modified,
    ...(row.branch === null ? {} : { gitBranch: row.branch }),
    isSidechain: row.parentId !== null,
  };
}

/** Of a session that is gone for good only the id is known. */
export function goneSessionData(id: string, at: string): SessionData {
  const time = Date.parse(at);
  const none = { title: '', directory: '', projectPath: '', firstPrompt: '', messageCount: 0 };
  return {
    id,
    sessionId: id,
    ...none,
    createdAt: time,
    updatedAt: time,
    created: at,
    modified: at,
    isSidechain: false,
  };
}
