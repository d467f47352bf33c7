/**
 * A counter's cumulative total as a token_count states it: input (the cached and the newly cached part included),
 * read from the cache, written to it, output (reasoning included), reasoning.
 */
export type Totals = readonly [
  input: number,
  cached: number,
  cacheWrite: number,
  output: number,
  reasoning: number,
];

/** What one token_count tells; null where it does not. */
export interface Count {
  readonly total: Totals | null;
  /** Of the last call alone. */
  readonly last: Totals | null;
}

export interface Counted {
  /** What is new since what was known; null: nothing is. */
  readonly usage: Totals | null;
  /** The counters' latest totals, the one at hand first. */
  readonly counters: readonly Totals[];
  /** The counter began anew. */
  readonly fell: boolean;
}

/** Two processes may write one file, each with a counter of its own, and counters begin anew: the latest few. */
const knownCounters = 8;

/**
 * How a file's first count stands to what was before: `new`, its counter began with the file; `continued`, it goes on
 * from that of another session, where all but the last call was counted; `replayed`, the count itself is a copy, and
 * perhaps of one that only repeated another: it says where the counter is at.
 */
export type CounterStart = 'new' | 'continued' | 'replayed';

/**
 * What a count adds: the change of the cumulative total. An unchanged total is a repeat. A total that falls is a new
 * start, and what it states is new; unless it is what another known counter was at, plus the last call.
 */
export function countOf(count: Count, counters: readonly Totals[], start: CounterStart): Counted {
  const { total, last } = count;
  if (total === null) return { usage: last === null ? null : something(last), counters, fell: false };
  const [current] = counters;
  if (current === undefined)
    return { usage: something(firstOf(total, last, start)), counters: [total], fell: false };
  return (
    nextOf(total, last, counters) ??
    (grows(current, total)
      ? { usage: minus(total, current), counters: [total, ...counters.slice(1)], fell: false }
      : fallen(total, counters))
  );
}

function firstOf(total: Totals, last: Totals | null, start: CounterStart): Totals | null {
  if (start === 'new' || last === null || same(total, last) || something(total) === null) return total;
  return start === 'continued' ? last : null;
}

/** Where a known counter explains the total: as a repeat, or by the last call. */
function nextOf(total: Totals, last: Totals | null, counters: readonly Totals[]): Counted | undefined {
  for (const counter of counters) {
    const isRepeat = same(counter, total);
    if (!isRepeat && !(last !== null && same(plus(counter, last), total))) continue;
    const others = counters.filter((other) => other !== counter);
    return { usage: isRepeat ? null : last, counters: [total, ...others], fell: false };
  }
  return undefined;
}

function fallen(total: Totals, counters: readonly Totals[]): Counted {
  return {
    usage: something(total),
    counters: [total, ...counters].slice(0, knownCounters),
    fell: true,
  };
}

/** Input and output never fall while a counter runs. */
function grows(from: Totals, to: Totals): boolean {
  return to[0] >= from[0] && to[3] >= from[3];
}

function same(a: Totals, b: Totals): boolean {
  return a.every((figure, n) => figure === b[n]);
}

function something(totals: Totals | null): Totals | null {
  return totals === null || totals.every((figure) => figure === 0) ? null : totals;
}

function plus(a: Totals, b: Totals): Totals {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

function minus(a: Totals, b: Totals): Totals {
  return [
    Math.max(0, a[0] - b[0]),
    Math.max(0, a[1] - b[1]),
    Math.max(0, a[2] - b[2]),
    Math.max(0, a[3] - b[3]),
    Math.max(0, a[4] - b[4]),
  ];
}
