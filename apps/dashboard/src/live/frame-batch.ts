/** Hidden tabs get no animation frames; they are brought up to date at this pace. */
const hiddenMs = 250;

/**
 * Collects what arrives and hands it over once per animation frame, so that a thousand deltas a second become
 * sixty updates of the page.
 */
export class FrameBatch<T> {
  #buffer: T[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly flush: (batch: readonly T[]) => void) {}

  add(item: T): void {
    this.#buffer.push(item);
    if (this.#buffer.length > 1) return;
    const run = (): void => this.#run();
    this.#frame = requestAnimationFrame(run);
    this.#timer = setTimeout(run, hiddenMs);
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#buffer = [];
  }

  #run(): void {
    const batch = this.#buffer;
    this.clear();
    if (batch.length > 0) this.flush(batch);
  }
}
