import { z } from 'zod';
import { cursorTime } from '../sessions/cursor';
import type { Statement } from '../sessions/statement';

/** A match's place: newest first, then by session and key. */
export const searchPlaceSchema = z.tuple([cursorTime, z.string().max(2000), z.string().max(2000)]);
export type SearchPlace = z.infer<typeof searchPlaceSchema>;

export const newestFirst = 'd.at desc, d.session_id desc, d.key desc';

/** Condition on rows of `search_document d`. */
export function behind(place: SearchPlace | undefined, statement: Statement): string[] {
  if (place === undefined) return [];
  const [at, sessionId, key] = place;
  return [
    `(d.at, d.session_id, d.key) < (${statement.bind(at)}::timestamptz, ${statement.bind(sessionId)}, ${statement.bind(key)})`,
  ];
}
