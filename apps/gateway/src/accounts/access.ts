import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Role, User } from '@telltale/contracts';
import type { Request } from 'express';

export const openKey = 'telltale:open';
export const rolesKey = 'telltale:roles';

/** A route that needs no user. */
export const Open = () => SetMetadata(openKey, true);

/** A route for these roles only. */
export const ForRoles = (...roles: readonly Role[]) => SetMetadata(rolesKey, roles);

/** Who asks; set by the guard. */
const askers = new WeakMap<Request, User>();

export function setUser(request: Request, user: User): void {
  askers.set(request, user);
}

/** `@CurrentUser() user: User` */
export const CurrentUser = createParamDecorator((_: undefined, context: ExecutionContext): User => {
  const user = askers.get(context.switchToHttp().getRequest<Request>());
  if (!user) throw new Error('CurrentUser is for routes that need a user');
  return user;
});
