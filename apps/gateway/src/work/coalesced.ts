/**
 * Makes one answer do for all who ask while another is being made: when a thousand clients reconnect at once, the
 * database is asked twice. Nobody gets an answer whose making began before they asked.
 */
export class Coalesced<T> {
  private current: Promise<unknown> | undefined;
  private next: Promise<T> | undefined;

  constructor(private readonly make: () => Promise<T>) {}

  get(): Promise<T> {
    this.next ??= this.begin(this.current ?? Promise.resolve());
    return this.next;
  }

  private async begin(previous: Promise<unknown>): Promise<T> {
    await previous.catch(() => undefined); // its failure was told to those who asked for it
    const making = this.make();
    this.current = making;
    this.next = undefined;
    return making;
  }
}
