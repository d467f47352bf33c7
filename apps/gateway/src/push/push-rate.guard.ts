import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { accessOfRequest } from '../accounts/access';
import { PushRate } from './push-rate';

/** Counts what was not counted before its body was read: requests that have none. */
@Injectable()
export class PushRateGuard implements CanActivate {
  constructor(private readonly rate: PushRate) {}

  /** @throws ProblemException 429 with Retry-After */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    this.rate.count(request, accessOfRequest(request));
    return true;
  }
}
