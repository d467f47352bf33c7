/**
 * Joins many small values to one, in the order they come, each with others of its size: so none that has grown large is
 * copied for every small one that is added.
 */
export class Pile<T> {
  private heaps: { readonly value: T; readonly size: number }[];

  /** @param join associative */
  constructor(
    private readonly join: (a: T, b: T) => T,
    first: T,
  ) {
    this.heaps = [{ value: first, size: 1 }];
  }

  add(next: T): void {
    let value = next;
    let size = 1;
    for (let top = this.heaps.at(-1); top !== undefined && top.size <= size; top = this.heaps.at(-1)) {
      this.heaps.pop();
      value = this.join(top.value, value);
      size += top.size;
    }
    this.heaps.push({ value, size });
  }

  get whole(): T {
    return this.heaps.map(({ value }) => value).reduceRight((later, earlier) => this.join(earlier, later));
  }
}
