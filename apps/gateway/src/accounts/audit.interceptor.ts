import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { toProblem } from '../problems/to-problem';
import { accessIfKnown } from './access';
import { AuditTrail } from './audit-trail';
import { auditNoteOf } from './audited';
import { RouteNeeds } from './route-needs';

/** Writes down what administrators do and how people sign in, before the answer goes out. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly trail: AuditTrail,
    private readonly needs: RouteNeeds,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle(); // what sockets may ask changes nothing
    const action = this.needs.auditAction(context);
    if (action === undefined) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    let answer: unknown;
    try {
      answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.write(action, request, toProblem(error).problem.status);
      throw error;
    }
    await this.write(action, request, http.getResponse<Response>().statusCode);
    return of(answer);
  }

  private write(action: string, request: Request, status: number): Promise<void> {
    const access = accessIfKnown(request);
    const { username, target, details = {} } = auditNoteOf(request);
    return this.trail.write({
      action,
      status,
      username: access?.user.username ?? username,
      tokenId: access?.tokenId,
      address: request.ip,
      target: target ?? targetOf(request),
      details,
    });
  }
}

/** What the path names. */
export function targetOf({ params }: Request): string | undefined {
  const named = Object.values(params).flat();
  return named.length === 0 ? undefined : named.join(' ');
}
