import { z } from 'zod';
import { cursorBigint, cursorTime } from './cursor';
import type { Statement } from './statement';

/** A message's place in the feed: time, sequence and line in the log, key. Without a time it stands at the end. */
export const feedPlaceSchema = z.tuple([cursorTime.nullable(), cursorBigint, z.int32(), z.string()]);
export type FeedPlace = z.infer<typeof feedPlaceSchema>;

export type Direction = 'forward' | 'backward';

/** The part of the feed with times and the part without, each with the condition that starts it behind a place. */
export interface FeedParts {
  readonly timed: string;
  readonly untimed: string;
}

/**
 * Two parts instead of one order with NULLs, so that each is a plain range of the index
 * (session_id, at, sequence, line, key).
 */
export function feedParts(
  direction: Direction,
  from: FeedPlace | undefined,
  statement: Statement,
): FeedParts {
  const timed = 'i.at is not null';
  const untimed = 'i.at is null';
  if (!from) return { timed, untimed };
  const compare = direction === 'forward' ? '>' : '<';
  const [at, ...rest] = from;
  const behind = rest.map((value) => statement.bind(value));
  if (at === null) {
    const within = `${untimed} and (i.sequence, i.line, i.key) ${compare} (${behind.join(', ')})`;
    return { timed: direction === 'forward' ? 'false' : timed, untimed: within };
  }
  const place = `(${statement.bind(at)}::timestamptz, ${behind.join(', ')})`;
  const within = `${timed} and (i.at, i.sequence, i.line, i.key) ${compare} ${place}`;
  return { timed: within, untimed: direction === 'forward' ? untimed : 'false' };
}
