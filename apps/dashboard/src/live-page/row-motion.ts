const slideMs = 220;
const watched = 40;

/**
 * Rows that change places slide there instead of jumping (first, last, invert, play). Only the first forty are
 * measured, and only when their order changed.
 */
export class RowMotion {
  #tops = new Map<string, number>();
  #order = '';

  /** Call after each render with the rows' elements, in order; each has its id in `data-id`. */
  rendered(rows: readonly HTMLElement[], animate: boolean): void {
    const shown = rows.slice(0, watched);
    const order = shown.map((row) => row.dataset['id']).join('\n');
    if (order === this.#order) return;
    this.#order = order;
    const tops = new Map(shown.map((row) => [row.dataset['id'] ?? '', row.offsetTop]));
    if (animate) for (const row of shown) this.#slide(row, tops);
    this.#tops = tops;
  }

  #slide(row: HTMLElement, tops: ReadonlyMap<string, number>): void {
    const id = row.dataset['id'] ?? '';
    const before = this.#tops.get(id);
    const by = before === undefined ? 0 : before - (tops.get(id) ?? 0);
    if (by === 0) return;
    row.animate?.({ transform: [`translateY(${by}px)`, 'none'] }, { duration: slideMs, easing: 'ease-out' });
  }
}
