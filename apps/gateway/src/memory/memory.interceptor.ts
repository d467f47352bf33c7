import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { accessIfKnown } from '../accounts/access';
import { addressKey } from '../accounts/address-key';
import { leaving } from '../work/leaving';
import { BytePools } from './byte-pools';
import { memoryKey, usualBytes } from './needs-memory';
import { RequestMemory } from './request-memory';

/** Lets a request begin when there is room for it, and keeps that room until its answer is sent. */
@Injectable()
export class MemoryInterceptor implements NestInterceptor {
  constructor(
    private readonly pools: BytePools,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle(); // sockets have bounds of their own
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const needed = this.reflector.getAllAndOverride<number | undefined>(memoryKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (needed === 0) return next.handle();
    const asked = { owner: ownerOf(http.getRequest<Request>()), bytes: needed ?? usualBytes };
    const memory = await RequestMemory.begin(this.pools, asked, () => leaving(response));
    const closed = new Promise<void>((done) => {
      if (response.destroyed) done();
      else response.once('close', done);
    });
    response.once('prefinish', () => memory.made(bytesOf(response)));
    try {
      return of(await memory.run(() => lastValueFrom(next.handle(), { defaultValue: undefined })));
    } finally {
      // Who leaves early gives nothing back before the work for him has ended.
      if (isStream(response)) memory.end();
      else void closed.then(() => memory.end());
    }
  }
}

/** A user with all tokens and browsers; else where it comes from. */
export function ownerOf(request: Request): string {
  const access = accessIfKnown(request);
  return access ? `user ${access.user.username}` : `address ${addressKey(request.ip)}`;
}

/** What is left to send when all was said. */
function bytesOf(response: Response): number {
  const length = Number(response.getHeader('content-length') ?? 0);
  return Math.max(length, response.writableLength);
}

/** What is open still when all was done for it: event streams, which bound what waits for each client. */
function isStream({ headersSent, writableEnded }: Response): boolean {
  return headersSent && !writableEnded;
}
