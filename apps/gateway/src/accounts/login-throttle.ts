import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../connections';
import { BoundedWork, TooBusyError } from '../work/bounded-work';
import { problem, ProblemException } from '../problems/problem';
import { addressKey } from './address-key';
import { SharedFailures, type FailureCounts } from './shared-failures';

const windowMs = 60_000;
/** Failures within the window: of one name from one address, of one address altogether, of one name from everywhere. */
const limits = { pair: 10, address: 50, name: 30 } as const;
/** Passwords being checked at once: each takes 19 MiB and one of the four threads that also read files and unpack bodies. */
const concurrency = 2;
/** And of those that wait for that: a team that signs in on Monday morning. */
const underWay = 16;
/** Names are the caller's choice: forget those not asked for longest beyond this many. */
const rememberedKeys = 10_000;

export interface Attempt {
  readonly address: string | undefined;
  /** Absent where no name is told: a sign-in link. */
  readonly name?: string;
  /** Whether this name came in from this address before: then guesses from elsewhere do not lock its owner out. */
  readonly isAtHome?: () => Promise<boolean>;
}

/**
 * Slows down who guesses passwords: many for one name, one for many names, or from many addresses. Only failures count,
 * those of all replicas: each asks how many there are when it adds one. Without the database it counts its own.
 */
@Injectable()
export class LoginThrottle {
  private readonly failures = new LRUCache<string, { count: number; until: number }>({ max: rememberedKeys });
  private readonly work = new BoundedWork(concurrency, underWay);

  constructor(
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(SharedFailures) private readonly shared: FailureCounts,
  ) {}

  /** Runs `attempt`; undefined from it is a failure. @throws ProblemException 429 with Retry-After */
  async guard<T>(
    { address, name = '', isAtHome = () => Promise.resolve(false) }: Attempt,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const caller = addressKey(address);
    const keys = { pair: `pair ${caller}\n${name}`, address: `address ${caller}`, name: `name ${name}` };
    const refuseTooMany = () => {
      this.refuseTooMany(keys.pair, limits.pair);
      this.refuseTooMany(keys.address, limits.address);
    };
    refuseTooMany();
    return this.inTurn(async () => {
      refuseTooMany(); // those before may have failed
      if (name !== '' && this.waitOf(keys.name, limits.name) > 0 && !(await isAtHome()))
        this.refuseTooMany(keys.name, limits.name);
      const result = await attempt();
      if (result === undefined)
        await this.countFailure(name === '' ? [keys.pair, keys.address] : Object.values(keys));
      else if (this.failures.delete(keys.pair)) await this.shared.forget(keys.pair);
      return result;
    });
  }

  private async inTurn<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.work.run(attempt);
    } catch (error) {
      throw error instanceof TooBusyError ? tooMany(1) : error;
    }
  }

  private refuseTooMany(key: string, limit: number): void {
    const waitMs = this.waitOf(key, limit);
    if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1000));
  }

  /** Milliseconds until there may be another attempt; 0: now. */
  private waitOf(key: string, limit: number): number {
    const failed = this.failures.get(key);
    if (!failed || failed.count < limit) return 0;
    const waitMs = failed.until - this.now();
    // More than a window ahead: the clock was put back.
    if (waitMs > 0 && waitMs <= windowMs) return waitMs;
    this.failures.delete(key);
    return 0;
  }

  /** At once, and then as all replicas count. */
  private async countFailure(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.countOne(key);
    const counted = await this.shared.note(keys, windowMs);
    counted?.forEach((all, n) => {
      const own = this.failures.get(keys[n] ?? '');
      if (own && all && all.count > own.count) {
        own.count = all.count;
        own.until = this.now() + Math.min(all.leftMs, windowMs);
      }
    });
  }

  private countOne(key: string): void {
    const failed = this.failures.get(key);
    if (failed && failed.until > this.now()) {
      failed.count++;
      return;
    }
    this.failures.set(key, { count: 1, until: this.now() + windowMs });
  }
}

function tooMany(seconds: number): ProblemException {
  const detail = `Too many attempts. Try again in ${seconds} s.`;
  return new ProblemException(problem(429, detail), { 'retry-after': String(seconds) });
}
