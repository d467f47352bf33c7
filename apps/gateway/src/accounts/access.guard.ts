import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role, User } from '@telltale/contracts';
import type { Request } from 'express';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { forbidden, unauthorized } from '../problems/problem';
import { openKey, rolesKey, scopeKey, setAccess, type NeededScope } from './access';
import { Accounts } from './accounts';
import { cookieName, credentialOf } from './credentials';
import { allows, type Access } from './scopes';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Every route needs a user unless it says that it is open: a forgotten decorator closes, never opens. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: Accounts,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // sockets are let in, or not, when they connect
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(openKey, targets)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const access = await this.accessOf(request);
    const scope = this.reflector.getAllAndOverride<NeededScope | undefined>(scopeKey, targets);
    requireScope(access, scope ?? (readingMethods.has(request.method) ? 'read' : 'admin'));
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(rolesKey, targets);
    if (roles && !roles.includes(access.user.role)) throw refused(access, 'admin');
    setAccess(request, access);
    return true;
  }

  /** For what is served outside of Nest's routes. @throws ProblemException 401, 403 where one may not read */
  async userOf(request: Request): Promise<User> {
    const access = await this.accessOf(request);
    requireScope(access, 'read');
    return access.user;
  }

  /** @throws ProblemException 401 */
  private async accessOf(request: Request): Promise<Access> {
    const credential = credentialOf(request.headers, cookieName(this.config.port));
    if (credential === undefined) throw unauthorized('Sign in first.');
    const access = await this.accounts.authenticate(credential);
    if (!access) throw unauthorized('The token is not valid, or not any more.');
    return access;
  }
}

function requireScope(access: Access, needed: NeededScope): void {
  if (needed !== 'any' && !allows(access, needed)) throw refused(access, needed);
}

function refused(access: Access, needed: NeededScope) {
  return forbidden(
    access.tokenId === undefined
      ? 'Your role does not allow this.'
      : `This token does not allow this: it needs the scope ${needed}.`,
  );
}
