import { firstMatch, type SearchQuery } from '@telltale/domain';
import { setImmediate as nextTurn } from 'node:timers/promises';

type Match = NonNullable<ReturnType<typeof firstMatch>>;

/** Characters that are looked at before others have their turn: a few ms. */
const windowLength = 64 * 1024;
/** What is wanted and stands across two windows is shorter, but for a phrase of very long words. */
const overlap = 8 * 1024;

/** As `firstMatch`, of texts of many megabytes without keeping everybody else waiting. */
export async function longMatch(text: string, query: SearchQuery): Promise<Match | undefined> {
  for (let from = 0; from < text.length; from += windowLength) {
    const to = Math.min(text.length, from + windowLength + overlap);
    const match = firstMatch(text.slice(from, to), query);
    // What touches the cut may be the beginning of a longer word; the next window has it whole.
    if (match !== undefined && (from + match.end < to || to === text.length))
      return { start: from + match.start, end: from + match.end };
    if (to === text.length) return undefined;
    await nextTurn();
  }
  return undefined;
}
