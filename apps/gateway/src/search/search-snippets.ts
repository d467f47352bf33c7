import { Inject, Injectable } from '@nestjs/common';
import type { SearchItem } from '@telltale/contracts';
import { firstMatch, snippetAround, type FullText, type SearchQuery } from '@telltale/domain';
import { READ_MODEL } from '../connections';
import type pg from 'pg';
import { apart } from '../memory/request-memory';
import { mapAtMost } from '../work/at-most';
import { authors, type MessageRow } from '../sessions/message-row';
import { MessageTexts } from '../sessions/message-text';
import { longMatch } from './long-match';

/** A document that was found; the empty key stands for the session's title. */
export interface FoundDocument {
  readonly session_id: string;
  readonly key: string;
  readonly place: string;
}

type ItemRow = MessageRow & { readonly session_id: string };
interface TitleRow {
  readonly id: string;
  readonly title: string | null;
  readonly started_at: Date | null;
}

/** Long texts are read from the log: not all of a page's at once. */
const textsAtOnce = 8;

/** What is shown of documents that were found. */
@Injectable()
export class SearchSnippets {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    private readonly texts: MessageTexts,
  ) {}

  /** In the same order; without those that are gone meanwhile. */
  async of(found: readonly FoundDocument[], query: SearchQuery): Promise<SearchItem[]> {
    const [items, titles] = await Promise.all([this.items(found), this.titles(found)]);
    const shown = await mapAtMost(textsAtOnce, found, async ({ session_id: sessionId, key }) => {
      if (key === '') return titleItem(titles.get(sessionId), query);
      const row = items.get(`${sessionId}\0${key}`);
      return row && { ...itemOf(row), snippet: await this.snippet(row, query) };
    });
    return shown.filter((item) => item !== undefined);
  }

  private async snippet(row: ItemRow, query: SearchQuery): Promise<string> {
    const stored = textOf(row, {});
    const match = firstMatch(stored, query);
    if (match !== undefined) return snippetAround(stored, match);
    return apart(async () => {
      const whole = textOf(row, await this.texts.of(row));
      return snippetAround(whole, await longMatch(whole, query));
    });
  }

  private async items(found: readonly FoundDocument[]): Promise<Map<string, ItemRow>> {
    const { rows } = await this.readModel.query<ItemRow>(
      `select i.session_id, i.key, i.kind, i.at, i.name, i.preview, i.input, i.parts
       from unnest($1::text[], $2::text[]) as found(session_id, key)
       join item i on i.key = found.key and i.session_id = found.session_id`,
      [found.map((each) => each.session_id), found.map(({ key }) => key)],
    );
    return new Map(rows.map((row) => [`${row.session_id}\0${row.key}`, row]));
  }

  private async titles(found: readonly FoundDocument[]): Promise<Map<string, TitleRow>> {
    const ids = found.filter(({ key }) => key === '').map((each) => each.session_id);
    if (ids.length === 0) return new Map();
    const { rows } = await this.readModel.query<TitleRow>(
      `select id, summary->>'title' as title, started_at from session where id = any($1)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** The same text, in the same order, that was made searchable. */
function textOf(row: ItemRow, full: FullText): string {
  if (row.kind !== 'tool') return full.text ?? row.preview;
  return [row.name, full.input ?? row.input, full.result ?? row.preview].join('\n');
}

function itemOf(row: ItemRow): Omit<SearchItem, 'snippet'> {
  return {
    sessionId: row.session_id,
    messageId: row.key,
    at: row.at?.toISOString() ?? null,
    author: authors[row.kind],
  };
}

function titleItem(row: TitleRow | undefined, query: SearchQuery): SearchItem | undefined {
  if (row === undefined) return undefined;
  const title = row.title ?? '';
  return {
    sessionId: row.id,
    messageId: null,
    at: row.started_at?.toISOString() ?? null,
    author: 'system',
    snippet: snippetAround(title, firstMatch(title, query)),
  };
}
