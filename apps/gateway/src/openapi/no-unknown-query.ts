import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { descriptionKey, type Description } from './describes';
import { badRequest } from '../problems/problem';

/** A token in the address, which routes take that browsers open without headers of their own. */
const token = 'access_token';

/** Routes that describe no query take none; those that do check it themselves. */
@Injectable()
export class NoUnknownQuery implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const description = this.reflector.get<Description | undefined>(descriptionKey, context.getHandler());
    if (description && !description.query && context.getType() === 'http') refuseQuery(context);
    return next.handle();
  }
}

/** @throws ProblemException 400 */
function refuseQuery(context: ExecutionContext): void {
  const { query } = context.switchToHttp().getRequest<Request>();
  const unknown = Object.keys(query).find((name) => name !== token);
  if (unknown !== undefined) throw badRequest(unknown, 'There is no such parameter here.');
}
