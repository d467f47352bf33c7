import { AsyncLocalStorage } from 'node:async_hooks';
import { problem, ProblemException } from '../problems/problem';
import { ClientLeftError } from '../work/leaving';
import { NeverRoomError, NoRoomError, type BytePool, type Share } from './byte-pool';

const scopes = new AsyncLocalStorage<LargeScope>();

/** What one part of a request holds of the pool for large things. */
class LargeScope {
  /** A share was asked for and is not there: what is made now is not the whole. */
  lacked = false;
  private share: Share | undefined;
  private ended = false;
  private asking: Promise<unknown> = Promise.resolve();

  constructor(
    readonly pool: BytePool,
    readonly owner: string,
    /** Of its client's leaving: made where somebody waits, for most never do. */
    readonly signal: () => AbortSignal,
  ) {}

  get bytes(): number {
    return this.share?.bytes ?? 0;
  }

  /** One at a time: who holds something never waits for more, so nobody waits for each other. */
  grow(bytes: number): Promise<boolean> {
    const asked = this.asking.then(() => this.growNow(bytes));
    this.asking = asked.catch(() => undefined);
    return asked;
  }

  /** Beside what it holds: at another time, when nobody else holds anything. */
  mightHave(bytes: number): boolean {
    return this.bytes > 0 ? this.bytes + bytes <= this.pool.mostTogether : bytes <= this.pool.largest;
  }

  shrinkTo(bytes: number): void {
    if (bytes < this.bytes) this.share?.become(bytes);
    if (bytes <= 0) this.release();
  }

  release(): void {
    this.share?.release();
    this.share = undefined;
  }

  /** Also what is being waited for is given back. */
  end(): void {
    this.ended = true;
    this.release();
  }

  private async growNow(bytes: number): Promise<boolean> {
    const grown = this.share ? this.share.tryGrow(bytes) : await this.first(bytes);
    this.lacked ||= !grown;
    return grown;
  }

  private async first(bytes: number): Promise<boolean> {
    try {
      this.share =
        this.pool.takeNow(this.owner, bytes) ?? (await this.pool.take(this.owner, bytes, this.signal()));
      if (this.ended) this.release(); // nobody would give it back
      return !this.ended;
    } catch (error) {
      if (error instanceof NeverRoomError) return false;
      throw asProblem(error);
    }
  }
}

/** What one request holds from when it begins until its answer is sent, or its client is gone. */
export class RequestMemory {
  private readonly large: LargeScope;

  private constructor(
    private readonly base: Share,
    large: BytePool,
    signal: () => AbortSignal,
  ) {
    this.large = new LargeScope(large, base.owner, signal);
  }

  /** @throws ProblemException 503 where there is no room; the signal's reason */
  static async begin(
    pools: { readonly answers: BytePool; readonly large: BytePool },
    { owner, bytes }: { readonly owner: string; readonly bytes: number },
    signal: () => AbortSignal,
  ): Promise<RequestMemory> {
    try {
      const { answers, large } = pools;
      const base = answers.takeNow(owner, bytes) ?? (await answers.take(owner, bytes, signal()));
      return new RequestMemory(base, large, signal);
    } catch (error) {
      throw asProblem(error);
    }
  }

  run<T>(work: () => T): T {
    return scopes.run(this.large, work);
  }

  /** The answer is made: nothing but its bytes is held any more. */
  made(answerBytes: number): void {
    const own = Math.min(answerBytes, Math.max(this.base.bytes, answerBytes - this.large.bytes));
    this.large.shrinkTo(answerBytes - own);
    this.base.become(own);
  }

  end(): void {
    this.large.end();
    this.base.release();
  }
}

/**
 * Room for something large, until the request, or its part that {@link apart} runs, is through. Outside of a request
 * there is always room: who works there has bounds of its own.
 *
 * @returns false where it is more than anybody is given, or more than there is beside what this request holds already
 * @throws ProblemException 503 where there is none for long
 */
export function roomFor(bytes: number): Promise<boolean> {
  return scopes.getStore()?.grow(bytes) ?? Promise.resolve(true);
}

/**
 * As {@link roomFor}, for who cannot do with less: false only where there is never so much, whoever else asks.
 *
 * @throws ProblemException 503 where there is none now
 */
export async function roomOrProblem(bytes: number): Promise<boolean> {
  const scope = scopes.getStore();
  if (scope === undefined || (await scope.grow(bytes))) return true;
  if (scope.mightHave(bytes)) throw new RoomProblem();
  return false;
}

/** What {@link roomFor} throws: it is the request's end, whatever else could be told instead. */
export function isOfRoom(error: unknown): boolean {
  return error instanceof RoomProblem || error instanceof ClientLeftError;
}

/** What this request, or this part of it, was given by {@link roomFor}. */
export function roomTaken(): number {
  return scopes.getStore()?.bytes ?? 0;
}

/** Whether this request, or this part of it, had to do without. */
export function lackedRoom(): boolean {
  return scopes.getStore()?.lacked ?? false;
}

/** Runs a part of a request whose large things are not needed any more when it is through. */
export async function apart<T>(work: () => Promise<T>): Promise<T> {
  const outer = scopes.getStore();
  if (outer === undefined) return work();
  const scope = new LargeScope(outer.pool, outer.owner, outer.signal);
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.end();
  }
}

/** The same for what is made one after the other while it is sent: each is held until the next is asked for. */
export async function* eachApart<T>(values: AsyncIterable<T>): AsyncGenerator<T, undefined> {
  const outer = scopes.getStore();
  const scope = outer && new LargeScope(outer.pool, outer.owner, outer.signal);
  const all = values[Symbol.asyncIterator]();
  const within = <R>(work: () => R) => (scope ? scopes.run(scope, work) : work());
  try {
    for (;;) {
      const next = await within(() => all.next());
      if (next.done === true) return undefined;
      yield next.value;
      scope?.release();
    }
  } finally {
    scope?.end();
    await all.return?.();
  }
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof NoRoomError || error instanceof NeverRoomError)) return error;
  return new RoomProblem();
}

class RoomProblem extends ProblemException {
  constructor() {
    super(problem(503, 'Too much is asked for at once. Try again in a moment.'), { 'retry-after': '2' });
  }
}
