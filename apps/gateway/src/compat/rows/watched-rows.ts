import { Inject, Injectable } from '@nestjs/common';
import type { Stats } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { isSession } from '../../sessions/list-filters';
import { revisionText } from '../../sessions/revisions';
import { statValues, type ShownMessage } from '../../live/stat-frames';
import type { WatchedState } from '../watched-session';

interface ItemRow {
  readonly key: string;
  readonly kind: 'prompt' | 'assistant' | 'tool' | 'error';
  readonly at: string | null;
  readonly name: string | null;
  readonly preview: string;
  readonly input: string | null;
  readonly is_error: boolean;
}
interface Row {
  readonly generation: string;
  readonly revision: number | bigint;
  readonly stats: Stats;
  /** The latest first. */
  readonly items: readonly ItemRow[];
}

const authors = { prompt: 'user', assistant: 'assistant', tool: 'tool', error: 'system' } as const;

/** Sessions as stat cards show them: figures and the end of the feed, with previews. */
@Injectable()
export class WatchedRows {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /**
   * In one statement, so at one moment: a message that was there without its revision would be taken for an old one
   * when its delta comes. `most`: so many messages. Undefined where there is no such session.
   */
  async of(sessionId: string, most: number): Promise<WatchedState | undefined> {
    const { rows } = await this.readModel.query<Row>({
      name: 'watched-session',
      text: `select g.id as generation, s.revision, s.summary->'stats' as stats,
               array(select json_build_object('key', i.key, 'kind', i.kind, 'at', i.at, 'name', i.name,
                                              'preview', i.preview, 'input', i.input, 'is_error', i.is_error)
                     from item i where i.session_id = s.id and i.used and i.kind <> 'compaction'
                     order by i.at desc, i.sequence desc, i.line desc, i.key desc limit $2) as items
             from generation g, session s where s.id = $1 and ${isSession}`,
      values: [sessionId, most],
    });
    const [row] = rows;
    return (
      row && {
        revision: revisionText(row.generation, row.revision),
        values: statValues(row.stats),
        messages: row.items.map(shown).reverse(),
      }
    );
  }
}

function shown({ key, kind, at, name, preview, input, is_error: isError }: ItemRow): ShownMessage {
  const tool = { name: name ?? 'unknown', input, result: null, isError, durationMs: null };
  return {
    id: key,
    author: authors[kind],
    at: at === null ? null : new Date(at).toISOString(),
    preview: kind === 'tool' ? '' : preview,
    ...(kind === 'tool' ? { tool } : {}),
  };
}
