import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { accessOfRequest } from '../accounts/access';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, type Clock } from '../connections';
import { problem, ProblemException } from '../problems/problem';
import { RateLimit } from './rate-limit';

/** So many requests a second for each token, and for each user who comes without one. */
@Injectable()
export class PushRateGuard implements CanActivate {
  private readonly limit: RateLimit;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {
    this.limit = new RateLimit(config.pushRate);
  }

  /** @throws ProblemException 429 with Retry-After */
  canActivate(context: ExecutionContext): boolean {
    const { tokenId, user } = accessOfRequest(context.switchToHttp().getRequest<Request>());
    const waitMs = this.limit.take(tokenId === undefined ? `user ${user.username}` : tokenId, this.now());
    if (waitMs === 0) return true;
    const seconds = String(Math.ceil(waitMs / 1000));
    const detail = `More than ${this.config.pushRate} requests a second. Try again in ${seconds} s, with several messages in a request.`;
    throw new ProblemException(problem(429, detail), { 'retry-after': seconds });
  }
}
