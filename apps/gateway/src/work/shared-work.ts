interface UnderWay<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * One piece of work a key: who asks for the same meanwhile waits for it too. When all who waited have left, it ends; the
 * last one leaves when it has, so that whoever waits answers for what it holds.
 */
export class SharedWork<T> {
  private readonly underWay = new Map<string, UnderWay<T>>();

  /** @throws what the work throws; the signal's reason when it is aborted */
  async of(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const shared = this.underWay.get(key) ?? this.begin(key, work);
    shared.waiting += 1;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, fail) => {
      leave = () => fail(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([shared.result, left]);
    } finally {
      if (leave !== undefined) signal.removeEventListener('abort', leave);
      shared.waiting -= 1;
      if (shared.waiting === 0) {
        this.end(key, shared);
        await shared.result.catch(() => undefined); // told already
      }
    }
  }

  private begin(key: string, work: (signal: AbortSignal) => Promise<T>): UnderWay<T> {
    const controller = new AbortController();
    const result = work(controller.signal);
    const shared = { result, controller, waiting: 0 };
    this.underWay.set(key, shared);
    const forget = () => this.end(key, shared);
    result.then(forget, forget);
    return shared;
  }

  private end(key: string, shared: UnderWay<T>): void {
    if (this.underWay.get(key) === shared) this.underWay.delete(key);
    shared.controller.abort();
  }
}
