/**
 * Where rows of unequal height stand: measured heights where known, estimates elsewhere. Pure arithmetic; the
 * scroll strategy does the scrolling.
 */
export class RowHeights {
  #keys: readonly string[] = [];
  #tops: Float64Array = new Float64Array(1);
  readonly #measured = new Map<string, number>();

  /** @param estimate pixels of a row that was never measured */
  constructor(private readonly estimate: (key: string) => number) {}

  get count(): number {
    return this.#keys.length;
  }

  /** Pixels of all rows together. */
  get total(): number {
    return this.#tops[this.#keys.length] ?? 0;
  }

  setKeys(keys: readonly string[]): void {
    this.#keys = keys;
    this.#layOut();
  }

  /** @returns whether anything changed */
  measure(heights: Iterable<readonly [key: string, height: number]>): boolean {
    let changed = false;
    for (const [key, height] of heights) {
      if (height <= 0 || this.#measured.get(key) === height) continue;
      this.#measured.set(key, height);
      changed = true;
    }
    if (changed) this.#layOut();
    return changed;
  }

  topOf(index: number): number {
    return this.#tops[Math.max(0, Math.min(index, this.#keys.length))] ?? 0;
  }

  /** The row at this offset. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tops[middle + 1] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, Math.max(0, this.#keys.length - 1));
  }

  /** The row at the top edge and how far it is scrolled out: what has to stay where it is. */
  anchorAt(offset: number): { readonly key: string; readonly within: number } | undefined {
    const index = this.indexAt(offset);
    const key = this.#keys[index];
    return key === undefined ? undefined : { key, within: offset - this.topOf(index) };
  }

  /** Undefined where the row is gone. */
  offsetOf(anchor: { readonly key: string; readonly within: number }): number | undefined {
    const index = this.#keys.indexOf(anchor.key);
    return index < 0 ? undefined : this.topOf(index) + anchor.within;
  }

  #layOut(): void {
    const tops = new Float64Array(this.#keys.length + 1);
    this.#keys.forEach((key, i) => {
      tops[i + 1] = (tops[i] ?? 0) + (this.#measured.get(key) ?? this.estimate(key));
    });
    this.#tops = tops;
  }
}
