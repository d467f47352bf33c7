import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Access } from '../accounts/scopes';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, type Clock } from '../connections';
import { problem, ProblemException } from '../problems/problem';
import { RateLimit } from './rate-limit';

/** So many requests a second for each token, and for each user who comes without one. */
@Injectable()
export class PushRate {
  private readonly limit: RateLimit;
  private readonly counted = new WeakSet<Request>();

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {
    this.limit = new RateLimit(config.pushRate);
  }

  /** Each request once, whoever asks first. @throws ProblemException 429 with Retry-After */
  count(request: Request, { tokenId, user }: Access): void {
    if (this.counted.has(request)) return;
    this.counted.add(request);
    const waitMs = this.limit.take(tokenId === undefined ? `user ${user.username}` : tokenId, this.now());
    if (waitMs === 0) return;
    const seconds = String(Math.ceil(waitMs / 1000));
    const detail = `More than ${this.config.pushRate} requests a second. Try again in ${seconds} s, with several messages in a request.`;
    throw new ProblemException(problem(429, detail), { 'retry-after': seconds });
  }
}
