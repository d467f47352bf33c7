import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { SessionData, Status, Summary } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { isSession } from '../../sessions/list-filters';
import { KeptSessions } from './kept/kept-sessions';

/** The home page knew these tools. */
const itsSources = `s.source in ('claude-code', 'opencode')`;

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
}

/** A session and whether it goes on. */
export interface SessionDataRow {
  readonly data: SessionData;
  readonly ended: boolean;
}

/** Claude Code and OpenCode sessions as the home page shows them; sets of them, never one by one. */
@Injectable()
export class SessionDataRows implements BeforeApplicationShutdown {
  private readonly kept: KeptSessions<Row>;

  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {
    this.kept = new KeptSessions(readModel, {
      name: 'session-data',
      columns,
      joins: firstPrompt,
      where: itsSources,
      json: (row) => JSON.stringify(sessionData(row)),
    });
  }

  /** Those of these sessions that there are, by id. */
  async of(ids: readonly string[]): Promise<Map<string, SessionDataRow>> {
    const { rows } = await this.readModel.query<Row>({
      name: 'session-data-of',
      text: `select ${columns} from session s ${firstPrompt} where ${isSession} and ${itsSources} and s.id = any($1)`,
      values: [ids],
    });
    return new Map(
      rows.map((row) => [row.id, { data: sessionData(row), ended: row.archived || hasEnded(row.status) }]),
    );
  }

  /** All of them, the newest first, page by page: the JSON of its sessions, without brackets. */
  pages(): AsyncGenerator<Buffer> {
    return this.kept.pages();
  }

  beforeApplicationShutdown(): void {
    this.kept.forget();
  }
}

const columns = `s.id, s.summary->>'nativeId' as "nativeId", s.title, s.project_path as path, s.branch, s.status,
  s.archived, s.messages, s.summary->>'startedAt' as "startedAt", s.summary->>'lastActivityAt' as "lastActivityAt",
  s.summary->>'parentId' as "parentId", p.preview as "firstPrompt"`;
const firstPrompt = `left join lateral (
  select i.preview from item i
  where i.session_id = s.id and i.kind = 'prompt' and i.used and i.agent_id is null
  order by i.at, i.sequence, i.line, i.key limit 1) p on true`;

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
