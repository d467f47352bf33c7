import type { ClaudeSessionsFrameType, SessionData } from '@telltale/contracts';
import { goneSessionData, type SessionDataRow } from './rows/session-data';
import type { EventStream } from './streams/event-stream';
import { framed, type Part } from './streams/send-parts';

/** More sessions than this that change while a client takes nothing: it gets all of them anew. */
const mostMissed = 10_000;
const mostInFrame = 500;

/** What happened to a session since it was told. */
export interface SessionNews {
  readonly at: string;
  readonly created: boolean;
  /** It completed, or its file is gone; the row says whether it still is so. */
  readonly ended: boolean;
  readonly deleted: boolean;
}

export interface SessionDataSource {
  of(ids: readonly string[]): Promise<ReadonlyMap<string, SessionDataRow>>;
  /** See {@link SessionDataRows.pages}. */
  pages(): AsyncIterable<Buffer>;
}

/**
 * One session home page. While it is being sent all sessions, and while it takes too little, what changes is remembered
 * by id, and read when it can be sent: it gets the latest state, once.
 */
export class HomePageClient {
  /** What was not told yet: these changes, or all sessions, as a frame of this type. */
  private missed: Map<string, SessionNews> | 'init' | 'refresh' = 'init';
  private busy = false;

  constructor(
    private readonly stream: EventStream,
    private readonly sessions: SessionDataSource,
    private readonly now: () => number,
    private readonly failed: (error: unknown) => void,
  ) {
    stream.onDrain(() => void this.goOn());
  }

  /** Frames of these changes, made once for all clients. */
  tell(frames: string, news: ReadonlyMap<string, SessionNews>): void {
    if (this.takes) return this.stream.send(frames);
    for (const [id, one] of news) this.miss(id, one);
  }

  keepAlive(frame: string): void {
    if (this.takes) this.stream.send(frame);
  }

  /** The first frame: all sessions, made page by page as the client takes it. */
  begin(): Promise<void> {
    return this.goOn();
  }

  /** All sessions anew. */
  async refresh(): Promise<void> {
    if (this.missed === 'init') return; // it has not got them yet
    this.missed = 'refresh';
    await this.goOn();
  }

  private get takes(): boolean {
    return !this.busy && this.stream.isFree && typeof this.missed !== 'string' && this.missed.size === 0;
  }

  private miss(id: string, news: SessionNews): void {
    if (typeof this.missed === 'string') return;
    if (this.missed.size >= mostMissed) this.missed = 'refresh';
    else this.missed.set(id, mergedNews(this.missed.get(id), news));
  }

  /** Sends what was missed until there is no more of it. */
  private async goOn(): Promise<void> {
    if (this.busy || !this.stream.isFree) return;
    this.busy = true;
    try {
      while (this.stream.isOpen && this.isBehind) await this.sendMissed();
    } catch (error) {
      this.stream.drop(); // half a frame cannot be mended: the client comes back
      this.failed(error);
    }
    this.busy = false;
  }

  private get isBehind(): boolean {
    return typeof this.missed === 'string' || this.missed.size > 0;
  }

  private async sendMissed(): Promise<void> {
    const { missed } = this;
    if (typeof missed === 'string') {
      this.missed = new Map();
      return this.sendParts(allSessions(missed, this.sessions.pages(), this.now));
    }
    const some = new Map([...missed].slice(0, mostInFrame));
    for (const id of some.keys()) missed.delete(id);
    const rows = await this.sessions.of([...some.keys()]);
    return this.sendParts([newsFrames(some, rows, this.now())]);
  }

  private async sendParts(parts: AsyncIterable<Part> | Iterable<Part>): Promise<void> {
    for await (const part of parts) {
      this.stream.send(part);
      await this.stream.untilFree();
      if (!this.stream.isOpen) return;
    }
  }
}

function allSessions(
  type: 'init' | 'refresh',
  pages: AsyncIterable<Buffer>,
  now: () => number,
): AsyncIterable<Part> {
  const head = `event: ${type}\ndata: {"type":"${type}","sessions":[`;
  return framed(head, pages, () => `],"timestamp":${now()}}\n\n`);
}

export function mergedNews(before: SessionNews | undefined, after: SessionNews): SessionNews {
  return {
    at: after.at,
    created: (before?.created ?? false) || after.created,
    ended: (before?.ended ?? false) || after.ended,
    deleted: (before?.deleted ?? false) || after.deleted,
  };
}

/** At most three frames: what is new, what changed, and what is over. */
export function newsFrames(
  news: ReadonlyMap<string, SessionNews>,
  rows: ReadonlyMap<string, SessionDataRow>,
  now: number,
): string {
  const created: SessionData[] = [];
  const updated: SessionData[] = [];
  const over: SessionData[] = [];
  for (const [id, one] of news) {
    const row = rows.get(id);
    if (row) {
      if (one.created) created.push(row.data);
      if (one.ended && row.ended) over.push(row.data);
      else if (!one.created) updated.push(row.data);
    } else if (one.deleted) over.push(goneSessionData(id, one.at));
  }
  return (
    changeFrame('session-created', created, now) +
    changeFrame('session-updated', updated, now) +
    changeFrame('session-deleted', over, now)
  );
}

function changeFrame(type: ClaudeSessionsFrameType, sessions: readonly SessionData[], now: number): string {
  return sessions.length === 0 ? '' : homePageFrame(type, sessions, now);
}

export function homePageFrame(
  type: ClaudeSessionsFrameType,
  sessions: readonly SessionData[],
  timestamp: number,
): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sessions, timestamp })}\n\n`;
}
