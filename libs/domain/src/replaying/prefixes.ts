/** Anything that happens at a time, epoch ms. */
export interface Timed {
  readonly at: number;
}

/**
 * A fold over what happened, in order of time, that can be asked as of any time: it remembers what it came to every so
 * often, so that each question folds a few values only.
 */
export class Prefixes<V extends Timed, S> {
  private readonly marks: S[] = [];

  /** @param values in order of time */
  constructor(
    private readonly values: readonly V[],
    private readonly start: S,
    private readonly fold: (state: S, values: readonly V[]) => S,
    private readonly every = 64,
  ) {}

  /** Takes the marks; gives way after each. Until it has ended, {@link at} is right but slow. */
  *prepare(): Generator<void> {
    for (let end = this.every; end <= this.values.length; end += this.every) {
      const before = this.marks.at(-1) ?? this.start;
      this.marks.push(this.fold(before, this.values.slice(end - this.every, end)));
      yield;
    }
  }

  /** What everything up to and at `time` comes to. */
  at(time: number): S {
    const count = countUpTo(this.values, time);
    const marked = Math.min(Math.floor(count / this.every), this.marks.length);
    const state = this.marks[marked - 1] ?? this.start;
    const rest = this.values.slice(marked * this.every, count);
    return rest.length === 0 ? state : this.fold(state, rest);
  }
}

/** How many of the values, in order of time, are not later than `time`. */
export function countUpTo(values: readonly Timed[], time: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as Timed).at <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
