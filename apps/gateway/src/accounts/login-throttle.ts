import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../connections';
import { problem, ProblemException } from '../problems/problem';

const windowMs = 60_000;
/** Failures within the window: of one name from one address, and of one address altogether. */
const limits = { name: 10, address: 50 } as const;
/** Passwords being checked at once: each takes 19 MiB. */
const concurrency = 4;
/** Names are the caller's choice: forget the oldest beyond this many. */
const rememberedKeys = 10_000;

/** Slows down who guesses passwords. Success does not count, so nobody locks out the rightful owner elsewhere. */
@Injectable()
export class LoginThrottle {
  private readonly failures = new Map<string, { count: number; readonly until: number }>();
  private underWay = 0;

  constructor(@Inject(CLOCK) private readonly now: Clock) {}

  /** Runs `attempt`; undefined from it is a failure. @throws ProblemException 429 with Retry-After */
  async guard<T>(
    address: string,
    name: string,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const keys = { name: `${address}\n${name}`, address };
    this.refuseTooMany(keys.name, limits.name);
    this.refuseTooMany(keys.address, limits.address);
    if (this.underWay >= concurrency) throw tooMany(1);
    this.underWay++;
    try {
      const result = await attempt();
      if (result === undefined) Object.values(keys).forEach((key) => this.countFailure(key));
      else this.failures.delete(keys.name);
      return result;
    } finally {
      this.underWay--;
    }
  }

  private refuseTooMany(key: string, limit: number): void {
    const failed = this.failures.get(key);
    if (!failed || failed.count < limit) return;
    const waitMs = failed.until - this.now();
    // More than a window ahead: the clock was put back.
    if (waitMs > 0 && waitMs <= windowMs) throw tooMany(Math.ceil(waitMs / 1000));
    this.failures.delete(key);
  }

  private countFailure(key: string): void {
    const failed = this.failures.get(key);
    if (failed && failed.until > this.now()) {
      failed.count++;
      return;
    }
    this.failures.delete(key);
    this.failures.set(key, { count: 1, until: this.now() + windowMs });
    if (this.failures.size > rememberedKeys) this.failures.delete(this.failures.keys().next().value ?? '');
  }
}

function tooMany(seconds: number): ProblemException {
  const detail = `Too many attempts. Try again in ${seconds} s.`;
  return new ProblemException(problem(429, detail), { 'retry-after': String(seconds) });
}
