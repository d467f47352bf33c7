/** There is no room now, and there was none for as long as one may wait: try again. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/** More than one owner is ever given. */
export class NeverRoomError extends Error {
  override readonly name = 'NeverRoomError';
}

export interface PoolLimits {
  /** What all shares come to at most. */
  readonly bytes: number;
  /** Requests that wait for room: altogether, and of one owner. */
  readonly waiting: { readonly all: number; readonly ofOne: number };
  /** How long one waits. */
  readonly patienceMs: number;
  /** Shares up to this do not wait behind larger ones, and a quarter is theirs alone. Bytes; default 0. */
  readonly small?: number;
}

interface Wanted {
  readonly owner: string;
  readonly bytes: number;
  readonly give: (share: Share) => void;
}

/** What somebody holds of a pool until it is given back. */
export class Share {
  private given = false;

  constructor(
    private readonly pool: BytePool,
    readonly owner: string,
    private held: number,
  ) {}

  get bytes(): number {
    return this.held;
  }

  /** Gives some back, or takes more without waiting where it is there already: then others wait for it. */
  become(bytes: number): void {
    if (this.given) return;
    const before = this.held;
    this.held = bytes;
    this.pool.moved(this.owner, bytes - before);
  }

  /** So much more, if there is room now and nobody waits for it. */
  tryGrow(bytes: number): boolean {
    if (this.given || !this.pool.hasRoom(this.owner, bytes)) return false;
    this.become(this.held + bytes);
    return true;
  }

  /** Safe to call again. */
  release(): void {
    if (this.given) return;
    this.become(0);
    this.given = true;
  }
}

/**
 * Bytes that are shared out: first come, first served, a bounded number waits, for a bounded time. Nobody has more than
 * half of it by several shares, nor more than three quarters by one: who asks for much does not keep the others out. And
 * where there are small shares, large ones never have all of it, nor all that their owner may have.
 */
export class BytePool {
  private used = 0;
  private readonly byOwner = new Map<string, number>();
  private readonly queue = new Set<Wanted>();

  constructor(readonly limits: PoolLimits) {}

  /** What all hold. */
  get bytes(): number {
    return this.used;
  }

  get waiting(): number {
    return this.queue.size;
  }

  /** The largest share there is. */
  get largest(): number {
    return Math.floor(this.limits.bytes * 0.75);
  }

  /** The most that one owner has by several, or by one that grows. */
  get mostTogether(): number {
    return Math.floor(this.limits.bytes / 2);
  }

  /** @throws NoRoomError; NeverRoomError; the signal's reason */
  async take(owner: string, bytes: number, signal?: AbortSignal): Promise<Share> {
    signal?.throwIfAborted();
    if (bytes > this.largest) throw new NeverRoomError(`${bytes} of ${this.limits.bytes} bytes`);
    const now = this.takeNow(owner, bytes);
    if (now !== undefined) return now;
    const { waiting } = this.limits;
    if (this.queue.size >= waiting.all || this.waitingOf(owner) >= waiting.ofOne)
      throw new NoRoomError(`${this.queue.size} wait for room`);
    return this.wait({ owner, bytes }, signal);
  }

  /** Undefined where one would have to wait for it, or never has so much. */
  takeNow(owner: string, bytes: number): Share | undefined {
    return this.hasRoom(owner, bytes) ? this.shareOf(owner, bytes) : undefined;
  }

  /** Whether it could be had at once, without going ahead of anybody who waits and could have it. */
  hasRoom(owner: string, bytes: number): boolean {
    return this.fits(bytes) && this.mayHave(owner, bytes) && !this.isWaitedFor(bytes);
  }

  /** Only for shares. */
  moved(owner: string, by: number): void {
    this.used += by;
    const held = (this.byOwner.get(owner) ?? 0) + by;
    if (held > 0) this.byOwner.set(owner, held);
    else this.byOwner.delete(owner);
    if (by < 0) this.serve();
  }

  private shareOf(owner: string, bytes: number): Share {
    const share = new Share(this, owner, 0);
    share.become(bytes);
    return share;
  }

  private async wait(asked: Pick<Wanted, 'owner' | 'bytes'>, signal?: AbortSignal): Promise<Share> {
    const { promise, resolve, reject } = Promise.withResolvers<Share>();
    const wanted: Wanted = { ...asked, give: resolve };
    const leave = (error: unknown) => {
      // Where it was given meanwhile, it is not in the queue any more, and the promise has its share.
      if (this.queue.delete(wanted)) this.serve();
      reject(error);
    };
    const left = () => leave(signal?.reason);
    const timer = setTimeout(
      () => leave(new NoRoomError('there was no room for long')),
      this.limits.patienceMs,
    );
    signal?.addEventListener('abort', left, { once: true });
    this.queue.add(wanted);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', left);
    }
  }

  /** Small ones first, each kind in the order they came. */
  private serve(): void {
    this.serveThose((bytes) => this.isSmall(bytes));
    this.serveThose((bytes) => !this.isSmall(bytes));
  }

  /** Who has its part already waits without keeping others from theirs. */
  private serveThose(areMeant: (bytes: number) => boolean): void {
    const passedOver = new Set<string>();
    for (const wanted of this.queue) {
      const { owner, bytes } = wanted;
      if (!areMeant(bytes)) continue;
      if (passedOver.has(owner) || !this.mayHave(owner, bytes)) passedOver.add(owner);
      else if (!this.fits(bytes)) return;
      else {
        this.queue.delete(wanted);
        wanted.give(this.shareOf(owner, bytes));
      }
    }
  }

  /** Nobody waits for whom a share of so many bytes would have to wait, too. */
  private isWaitedFor(asked: number): boolean {
    for (const { owner, bytes } of this.queue)
      if ((this.isSmall(bytes) || !this.isSmall(asked)) && this.mayHave(owner, bytes)) return true;
    return false;
  }

  private waitingOf(owner: string): number {
    let count = 0;
    for (const wanted of this.queue) if (wanted.owner === owner) count += 1;
    return count;
  }

  private fits(bytes: number): boolean {
    return this.used + bytes <= this.limits.bytes * this.partFor(bytes);
  }

  private mayHave(owner: string, bytes: number): boolean {
    const held = this.byOwner.get(owner) ?? 0;
    if (held === 0) return bytes <= this.largest;
    return held + bytes <= this.mostTogether * this.partFor(bytes);
  }

  /** Of all, and of what one owner may have. */
  private partFor(bytes: number): number {
    const { small } = this.limits;
    return small === undefined || bytes <= small ? 1 : 0.75;
  }

  private isSmall(bytes: number): boolean {
    return bytes <= (this.limits.small ?? 0);
  }
}
