import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { User } from '@telltale/contracts';
import type { Request } from 'express';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { forbidden, unauthorized, type ProblemException } from '../problems/problem';
import { accessIfKnown, setAccess, type NeededScope } from './access';
import { Accounts } from './accounts';
import { targetOf } from './audit.interceptor';
import { AuditTrail } from './audit-trail';
import { cookieName, credentialOf } from './credentials';
import { RouteNeeds, type RouteNeed } from './route-needs';
import { allows, type Access } from './scopes';

/** Every route needs a user unless it says that it is open: a forgotten decorator closes, never opens. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly needs: RouteNeeds,
    private readonly accounts: Accounts,
    private readonly trail: AuditTrail,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // sockets are let in, or not, when they connect
    const need = this.needs.needOf(context);
    if (need === undefined) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const access = await this.accessOf(request);
    const refusal = refusalOf(access, need);
    if (refusal) {
      await this.noteRefusal(context, request, access);
      throw refusal;
    }
    return true;
  }

  /** For what is served outside of Nest's routes. @throws ProblemException 401, 403 where one may not read */
  async userOf(request: Request): Promise<User> {
    const access = await this.accessOf(request);
    if (!allows(access, 'read')) throw refused(access, 'read');
    return access.user;
  }

  /** Who asks; looked up once a request. @throws ProblemException 401 */
  async accessOf(request: Request): Promise<Access> {
    const known = accessIfKnown(request);
    if (known) return known;
    const credential = credentialOf(request.headers, cookieName(this.config.port));
    if (credential === undefined) throw unauthorized('Sign in first.');
    const access = await this.accounts.authenticate(credential);
    if (!access) throw unauthorized('The token is not valid, or not any more.');
    setAccess(request, access);
    return access;
  }

  /** Who tries what only administrators may is written down as well. */
  private async noteRefusal(context: ExecutionContext, request: Request, access: Access): Promise<void> {
    const action = this.needs.auditAction(context);
    if (action === undefined) return;
    const { user, tokenId } = access;
    const target = targetOf(request);
    const who = { username: user.username, tokenId, address: request.ip };
    await this.trail.write({ ...who, action, target, status: 403, details: {} });
  }
}

function refusalOf(access: Access, { scope, roles, peopleOnly }: RouteNeed): ProblemException | undefined {
  if (scope !== 'any' && !allows(access, scope)) return refused(access, scope);
  if (roles && !roles.includes(access.user.role)) return refused(access, 'admin');
  if (peopleOnly && access.tokenId !== undefined)
    return forbidden('This is for people who signed in, not for API tokens.');
  return undefined;
}

function refused(access: Access, needed: NeededScope): ProblemException {
  return forbidden(
    access.tokenId === undefined
      ? 'Your role does not allow this.'
      : `This token does not allow this: it needs the scope ${needed}.`,
  );
}
