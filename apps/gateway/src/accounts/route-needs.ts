import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@telltale/contracts';
import type { Request } from 'express';
import { openKey, peopleKey, rolesKey, scopeKey, type NeededScope } from './access';
import { auditKey } from './audited';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface RouteNeed {
  readonly scope: NeededScope;
  readonly roles: readonly Role[] | undefined;
  /** API tokens may not. */
  readonly peopleOnly: boolean;
}

/** What a route asks of who calls it, by its decorators; a forgotten one closes, never opens. */
@Injectable()
export class RouteNeeds {
  constructor(private readonly reflector: Reflector) {}

  /** Undefined: nothing, the route is open. */
  needOf(context: ExecutionContext): RouteNeed | undefined {
    if (this.read<boolean>(openKey, context)) return undefined;
    const { method } = context.switchToHttp().getRequest<Request>();
    const scope = this.read<NeededScope>(scopeKey, context);
    return {
      scope: scope ?? (readingMethods.has(method) ? 'read' : 'admin'),
      roles: this.read<readonly Role[]>(rolesKey, context),
      peopleOnly: this.read<boolean>(peopleKey, context) ?? false,
    };
  }

  /** What the audit trail calls this route; undefined where it is told of nothing. A change for administrators always is. */
  auditAction(context: ExecutionContext): string | undefined {
    const named = this.read<string>(auditKey, context);
    if (named !== undefined) return named;
    const request = context.switchToHttp().getRequest<Request>();
    const need = this.needOf(context);
    const isForAdmins = need?.scope === 'admin' || need?.roles?.includes('viewer') === false;
    return isForAdmins && !readingMethods.has(request.method) ? wordsFor(request) : undefined;
  }

  private read<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}

/** Of a route without a name of its own. */
function wordsFor({ method, route }: Request): string {
  const { path } = route as { readonly path: string };
  return `${method} ${path}`;
}
