import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Role, TokenScope, User } from '@telltale/contracts';
import type { Request } from 'express';
import type { Access } from './scopes';

export const openKey = 'telltale:open';
export const rolesKey = 'telltale:roles';
export const scopeKey = 'telltale:scope';

/** What a route asks of a credential; `any`: that it is one. */
export type NeededScope = TokenScope | 'any';

/** A route that needs no user. */
export const Open = () => SetMetadata(openKey, true);

/** A route for these roles only. */
export const ForRoles = (...roles: readonly Role[]) => SetMetadata(rolesKey, roles);

/** A route that needs this scope. Without it reading needs `read`, and all else `admin`. */
export const ForScope = (scope: NeededScope) => SetMetadata(scopeKey, scope);

/** Who asks, and what for; set by the guard. */
const askers = new WeakMap<Request, Access>();

export function setAccess(request: Request, access: Access): void {
  askers.set(request, access);
}

/** `@CurrentUser() user: User` */
export const CurrentUser = createParamDecorator(
  (_: undefined, context: ExecutionContext): User =>
    accessOfRequest(context.switchToHttp().getRequest<Request>()).user,
);

/** Of a request that the guard let through. */
export function accessOfRequest(request: Request): Access {
  const access = askers.get(request);
  if (!access) throw new Error('only routes that need a user know who asks');
  return access;
}
