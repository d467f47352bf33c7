import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role, User } from '@telltale/contracts';
import type { Request } from 'express';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { forbidden, unauthorized } from '../problems/problem';
import { openKey, rolesKey, setUser } from './access';
import { Accounts } from './accounts';
import { cookieName, credentialOf } from './credentials';

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
    const user = await this.userOf(request);
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(rolesKey, targets);
    if (roles && !roles.includes(user.role)) throw forbidden('Your role does not allow this.');
    setUser(request, user);
    return true;
  }

  /** @throws ProblemException 401 */
  async userOf(request: Request): Promise<User> {
    const credential = credentialOf(request.headers, cookieName(this.config.port));
    if (credential === undefined) throw unauthorized('Sign in first.');
    const claims = await this.accounts.authenticate(credential);
    if (!claims) throw unauthorized('The token is not valid, or not any more.');
    return claims.user;
  }
}
