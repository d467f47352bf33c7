/**
 * Goes round a map's values a few at a time, so that each one's turn comes however many there are. Values may
 * be added and removed meanwhile.
 */
export class Rotation<T> {
  private cursor: Iterator<T, undefined> | undefined;

  constructor(private readonly values: ReadonlyMap<unknown, T>) {}

  /** The next `count` values, none of them twice. */
  next(count: number): T[] {
    const wanted = Math.min(count, this.values.size);
    const taken: T[] = [];
    while (taken.length < wanted) {
      this.cursor ??= this.values.values();
      const next: IteratorResult<T, undefined> = this.cursor.next();
      if (next.done) this.cursor = undefined;
      else taken.push(next.value);
    }
    return taken;
  }
}
