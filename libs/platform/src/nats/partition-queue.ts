const queuedBytes = 2 * 1024 * 1024;
const batchItems = 512;

/**
 * Between the reader of a partition and its handler: the handler takes all that has arrived (natural batching),
 * the reader waits while too many bytes lie here.
 */
export class PartitionQueue<T> {
  private items: { readonly item: T; readonly bytes: number }[] = [];
  private bytes = 0;
  private wakeTaker: (() => void) | undefined;
  private wakePusher: (() => void) | undefined;
  closed = false;

  get length(): number {
    return this.items.length;
  }

  /** Resolves when there is room for more. */
  async push(item: T, bytes: number): Promise<void> {
    this.items.push({ item, bytes });
    this.bytes += bytes;
    this.wakeTaker?.();
    if (this.bytes < queuedBytes || this.closed) return;
    await new Promise<void>((resolve) => (this.wakePusher = resolve));
  }

  /** Bytes that wait. */
  get waitingBytes(): number {
    return this.bytes;
  }

  /** Resolves once something waits; false when closed. */
  async ready(): Promise<boolean> {
    if (this.items.length === 0 && !this.closed)
      await new Promise<void>((resolve) => (this.wakeTaker = resolve));
    this.wakeTaker = undefined;
    return !this.closed;
  }

  /** Everything that waits, up to a batch. */
  take(): T[] {
    const taken = this.items.splice(0, batchItems);
    for (const { bytes } of taken) this.bytes -= bytes;
    this.wakePusher?.();
    this.wakePusher = undefined;
    return taken.map(({ item }) => item);
  }

  /** What still waits is dropped: it is in the log. */
  close(): void {
    this.closed = true;
    this.items = [];
    this.bytes = 0;
    this.wakeTaker?.();
    this.wakePusher?.();
  }
}
