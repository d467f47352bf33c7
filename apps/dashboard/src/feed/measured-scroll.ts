import type { CdkVirtualScrollViewport, VirtualScrollStrategy } from '@angular/cdk/scrolling';
import { Subject } from 'rxjs';
import { RowHeights } from './row-heights';

/** Rows drawn beyond the edges, in pixels, so that a flick does not show emptiness. */
const bufferPx = 700;
const endTolerancePx = 48;
/** Air below the last row. */
const endPadPx = 10;

export interface ScrollPlace {
  readonly atEnd: boolean;
  readonly nearStart: boolean;
  readonly nearEnd: boolean;
}

/**
 * Virtual scrolling for rows of unequal height. Each drawn row is measured (ResizeObserver); while the reader is
 * at the end the end is kept in view, else the row at the top edge stays where it is, whatever is added above.
 */
export class MeasuredScroll implements VirtualScrollStrategy {
  readonly scrolledIndexChange = new Subject<number>();
  readonly #heights = new RowHeights((key) => this.estimate(key));
  readonly #observed = new Map<Element, string>();
  readonly #observer: ResizeObserver | undefined;
  #viewport: CdkVirtualScrollViewport | undefined;
  #atEnd = true;

  constructor(
    private readonly estimate: (key: string) => number,
    private readonly moved: (place: ScrollPlace) => void,
  ) {
    // jsdom has none; there is no layout to measure either
    if (typeof ResizeObserver !== 'undefined')
      this.#observer = new ResizeObserver((entries) => this.#measured(entries));
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  attach(viewport: CdkVirtualScrollViewport): void {
    this.#viewport = viewport;
    this.#observer?.observe(viewport.elementRef.nativeElement);
    this.#place();
  }

  detach(): void {
    this.#observer?.disconnect();
    this.#observed.clear();
    this.#viewport = undefined;
    this.scrolledIndexChange.complete();
  }

  /** The rows that there are now, in order; the view stays on what is read, or at the end. */
  setKeys(keys: readonly string[]): void {
    const anchor = this.#heights.anchorAt(this.#offset());
    this.#heights.setKeys(keys);
    // Not within the rendering that brought the rows: the viewport drops what it is told during its own.
    queueMicrotask(() => this.#keepView(anchor));
  }

  observe(row: Element, key: string): void {
    this.#observed.set(row, key);
    // anew, because a row that now shows another message is only reported if its size changed
    this.#observer?.unobserve(row);
    this.#observer?.observe(row);
  }

  unobserve(row: Element): void {
    this.#observed.delete(row);
    this.#observer?.unobserve(row);
  }

  toEnd(): void {
    this.#atEnd = true;
    this.#keepView(undefined);
  }

  /** Something in view is about to grow: what is above it stays, even at the end. */
  hold(): void {
    this.#atEnd = false;
  }

  toStart(): void {
    this.#atEnd = false;
    this.#scrollTo(0);
  }

  onContentScrolled(): void {
    this.#place();
    this.#report();
  }

  onDataLengthChanged(): void {
    this.#place();
  }

  onContentRendered(): void {
    // rows announce themselves through `observe`
  }

  onRenderedOffsetChanged(): void {
    // the offset is ours: nothing to correct
  }

  scrollToIndex(index: number): void {
    this.#scrollTo(this.#heights.topOf(index));
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    const anchor = this.#heights.anchorAt(this.#offset());
    const heights: [string, number][] = [];
    let resized = false;
    for (const entry of entries) {
      const key = this.#observed.get(entry.target);
      if (key === undefined) resized = true;
      else heights.push([key, entry.borderBoxSize[0]?.blockSize ?? entry.contentRect.height]);
    }
    if (resized) this.#viewport?.checkViewportSize();
    if (!this.#heights.measure(heights) && !resized) return;
    this.#keepView(anchor);
    this.#report();
  }

  #report(): void {
    const viewport = this.#viewport;
    if (!viewport) return;
    const below = this.#total - this.#offset() - viewport.getViewportSize();
    this.#atEnd = below <= endTolerancePx;
    this.moved({ atEnd: this.#atEnd, nearStart: this.#offset() < bufferPx, nearEnd: below < bufferPx });
  }

  #keepView(anchor: { readonly key: string; readonly within: number } | undefined): void {
    const viewport = this.#viewport;
    if (!viewport) return;
    this.#setHeight(viewport);
    const size = viewport.getViewportSize();
    const kept = anchor && this.#heights.offsetOf(anchor);
    const target = this.#atEnd ? this.#total - size : kept;
    if (target !== undefined && Math.abs(target - this.#offset()) > 0.5) this.#scrollTo(Math.max(0, target));
    this.#place();
  }

  #scrollTo(offset: number): void {
    if (this.#viewport) this.#viewport.elementRef.nativeElement.scrollTop = offset;
  }

  /** At once, not with the next change detection: the browser clamps a scroll offset to the height there is. */
  #setHeight(viewport: CdkVirtualScrollViewport): void {
    viewport.setTotalContentSize(this.#total);
    const spacer = viewport.elementRef.nativeElement.querySelector<HTMLElement>('.cdk-virtual-scroll-spacer');
    if (spacer) spacer.style.height = `${this.#total}px`;
  }

  #place(): void {
    const viewport = this.#viewport;
    if (!viewport || this.#heights.count === 0) return;
    const offset = this.#offset();
    const start = this.#heights.indexAt(Math.max(0, offset - bufferPx));
    const end = this.#heights.indexAt(offset + viewport.getViewportSize() + bufferPx) + 1;
    viewport.setRenderedRange({ start, end: Math.min(end, this.#heights.count) });
    viewport.setRenderedContentOffset(this.#heights.topOf(start));
    viewport.setTotalContentSize(this.#total);
  }

  get #total(): number {
    return this.#heights.total + endPadPx;
  }

  #offset(): number {
    return this.#viewport?.elementRef.nativeElement.scrollTop ?? 0;
  }
}
