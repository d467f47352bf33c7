import { Inject, Injectable } from '@nestjs/common';
import type { Message, MessageList } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { lackedRoom, roomFor, roomTaken } from '../memory/request-memory';
import { badRequest } from '../problems/problem';
import { decodeCursor, encodeCursor } from './cursor';
import { feedParts, feedPlaceSchema, type Direction, type FeedPlace } from './feed-order';
import type { MessageQuery } from './message-query';
import { toMessage, type MessageRow } from './message-row';
import { MessageTexts } from './message-text';
import { SessionDetails } from './session-detail';
import { allOf, containing, Statement } from './statement';

/** Facts of up to 128 KiB each are read for one page: not all of them at once. */
const textsAtOnce = 8;
/** A page that has so much text ends there: a reader asks for many messages without knowing how long they are. */
const mostCharacters = 8 * 1024 * 1024;
/** Of a text that waits for its page: itself, the page's text and its bytes, some with two bytes a character. */
const heldOfCharacter = 5;
/** What any page may hold of texts without asking for room. */
const ownBytes = 3 * 1024 * 1024;
const newest = 'end';

@Injectable()
export class Messages {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    private readonly sessions: SessionDetails,
    private readonly texts: MessageTexts,
  ) {}

  /** @throws ProblemException 404 for an unknown session, 400 for a cursor that is none */
  async page(sessionId: string, query: MessageQuery): Promise<MessageList> {
    if (query.after !== undefined && query.before !== undefined) {
      throw badRequest('before', 'Give either after or before.');
    }
    await this.sessions.mustExist(sessionId);
    const direction: Direction = query.before === undefined ? 'forward' : 'backward';
    const from = await this.placeOf(sessionId, query);
    const [rows, total] = await Promise.all([
      this.rows(sessionId, query, { direction, from }),
      this.count(sessionId, query),
    ]);
    const told = await this.told(rows.slice(0, query.limit));
    const last = told.at(-1);
    const nextCursor = last && rows.length > told.length ? encodeCursor(placeOfRow(last.row)) : null;
    const items = told.map(({ message }) => message);
    if (direction === 'backward') items.reverse();
    return { items, total, nextCursor };
  }

  /** With their whole texts, as many as a page has room for: at least one. */
  private async told(rows: readonly MessageRow[]): Promise<{ row: MessageRow; message: Message }[]> {
    const told: { row: MessageRow; message: Message }[] = [];
    let characters = 0;
    for (const [n, row] of rows.entries()) {
      // Facts come side by side; texts are made one by one, for each may be as long as a page.
      if (n % textsAtOnce === 0) await this.texts.fetch(rows.slice(n, n + textsAtOnce));
      if (characters >= mostCharacters) break;
      const message = toMessage(row, await this.texts.of(row));
      characters += lengthOf(message);
      const lacking = characters * heldOfCharacter - ownBytes - roomTaken();
      if (lacking > 0) await roomFor(lacking);
      if (lackedRoom() && told.length > 0) break; // it comes with the next page
      told.push({ row, message });
    }
    return told;
  }

  /** The rows of a page and, where there are more, the first of the next: for who reads a whole feed. */
  async rows(
    sessionId: string,
    query: MessageQuery,
    { direction, from }: { direction: Direction; from: FeedPlace | undefined },
  ): Promise<MessageRow[]> {
    const statement = new Statement();
    const where = allOf(conditions(sessionId, query, statement));
    const parts = feedParts(direction, from, statement);
    const way = direction === 'forward' ? 'asc' : 'desc';
    const limit = statement.bind(query.limit + 1);
    const order = `i.at ${way}, i.sequence ${way}, i.line ${way}, i.key ${way}`;
    const select = (part: number, condition: string) =>
      `(select ${part} as part, i.* from item i where ${where} and ${condition} order by ${order} limit ${limit})`;
    const { rows } = await this.readModel.query<MessageRow>(
      `with page as (${select(0, parts.timed)} union all ${select(1, parts.untimed)})
       select i.key, i.kind, i.at, i.at::text as sorted_at, i.sequence, i.line, i.agent_id, i.model, i.name,
              i.preview, i.input, i.is_error, i.parts, u.usage,
              coalesce(i.duration_ms, case when i.ended_at > i.at then
                (extract(epoch from i.ended_at - i.at) * 1000)::float8 end) as duration_ms
       from page i left join lateral (${usageOfMessage}) u on i.kind = 'assistant'
       order by i.part ${way}, ${order} limit ${limit}`,
      statement.values,
    );
    return rows;
  }

  private async count(sessionId: string, query: MessageQuery): Promise<number> {
    const statement = new Statement();
    const where = allOf(conditions(sessionId, query, statement));
    const { rows } = await this.readModel.query<{ total: number | bigint }>(
      `select count(*) as total from item i where ${where}`,
      statement.values,
    );
    return Number(rows[0]?.total ?? 0);
  }

  private async placeOf(sessionId: string, query: MessageQuery): Promise<FeedPlace | undefined> {
    const text = query.after ?? query.before;
    if (text === undefined || text === newest) return undefined;
    const field = query.after === undefined ? 'before' : 'after';
    return (await this.placeOfMessage(sessionId, text)) ?? decodeCursor(feedPlaceSchema, text, field);
  }

  private async placeOfMessage(sessionId: string, key: string): Promise<FeedPlace | undefined> {
    const { rows } = await this.readModel.query<Pick<MessageRow, 'key' | 'sorted_at' | 'sequence' | 'line'>>(
      'select key, at::text as sorted_at, sequence, line from item where key = $1 and session_id = $2',
      [key, sessionId],
    );
    return rows[0] && placeOfRow(rows[0]);
  }
}

/** What a message used, once: only where this session owns it, so that a feed's sum is the session's. */
const usageOfMessage = `
  select case when count(*) = 0 then null else json_build_object(
    'input', sum(u.input), 'output', sum(u.output), 'cacheWrite5m', sum(u.cache_write_5m),
    'cacheWrite1h', sum(u.cache_write_1h), 'cacheRead', sum(u.cache_read), 'reasoning', sum(u.reasoning),
    'total', sum(u.input + u.output + u.cache_write_5m + u.cache_write_1h + u.cache_read),
    'costPico', sum(u.cost_pico)::text) end as usage
  from usage u where u.message_key = i.key and u.owner = i.session_id`;

function conditions(sessionId: string, query: MessageQuery, statement: Statement): string[] {
  // A result whose use was never seen is kept, but is no message yet; compactions are no messages.
  const where = [`i.session_id = ${statement.bind(sessionId)}`, 'i.used', "i.kind <> 'compaction'"];
  if (query.kind) where.push(`i.kind = any(${statement.bind(query.kind)})`);
  if (query.agent === 'main') where.push('i.agent_id is null');
  else if (query.agent !== undefined) where.push(`i.agent_id = ${statement.bind(query.agent)}`);
  if (query.q !== undefined) {
    const pattern = statement.bind(containing(query.q));
    where.push(['i.preview', 'i.input', 'i.name'].map((column) => `${column} ilike ${pattern}`).join(' or '));
  }
  return where;
}

function lengthOf({ text, tool }: Message): number {
  return text.length + (tool?.input?.length ?? 0) + (tool?.result?.length ?? 0);
}

export function placeOfRow(row: Pick<MessageRow, 'key' | 'sorted_at' | 'sequence' | 'line'>): FeedPlace {
  return [row.sorted_at, String(row.sequence), row.line, row.key];
}
