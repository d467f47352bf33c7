import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Role, TokenScope, User } from '@telltale/contracts';
import type { Request } from 'express';
import { openExtension } from '../openapi/problem-answers';
import type { Access } from './scopes';

export const openKey = 'telltale:open';
export const rolesKey = 'telltale:roles';
export const scopeKey = 'telltale:scope';
export const peopleKey = 'telltale:people';

/** What a route asks of a credential; `any`: that it is one. */
export type NeededScope = TokenScope | 'any';

/** A route that needs no user. */
export const Open = () => applyDecorators(SetMetadata(openKey, true), ApiExtension(openExtension, true));

/** A route for these roles only. */
export const ForRoles = (...roles: readonly Role[]) => SetMetadata(rolesKey, roles);

/** A route that needs this scope. Without it reading needs `read`, and all else `admin`. */
export const ForScope = (scope: NeededScope) => SetMetadata(scopeKey, scope);

/**
 * A route that gives access to others or changes one's own: for people who signed in. An API token that leaked could
 * otherwise outlive its being revoked, as a user of its own.
 */
export const ForPeople = () => SetMetadata(peopleKey, true);

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

/** Undefined where nobody was asked for, or nobody is known. */
export function accessIfKnown(request: Request): Access | undefined {
  return askers.get(request);
}

/** Of a request that the guard let through. */
export function accessOfRequest(request: Request): Access {
  const access = askers.get(request);
  if (!access) throw new Error('only routes that need a user know who asks');
  return access;
}
