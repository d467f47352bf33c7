/** Times at which something happened; 0, an unknown time, is none. Epoch ms. */
export class Instants {
  private times: number[] = [];
  private sorted = true;

  add(at: number): void {
    const last = this.times.at(-1) ?? 0;
    if (at <= 0 || at === last) return;
    if (at < last) this.sorted = false;
    this.times.push(at);
  }

  get count(): number {
    return this.times.length;
  }

  /** The first and the last one up to `time`; 0 where there is none. */
  upTo(time: number): { readonly first: number; readonly last: number } {
    const times = this.inOrder();
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? { first: 0, last: 0 } : { first: times[0] ?? 0, last: times[low - 1] ?? 0 };
  }

  private inOrder(): readonly number[] {
    if (!this.sorted) {
      this.times = Array.from(Float64Array.from(this.times).sort());
      this.sorted = true;
    }
    return this.times;
  }
}
