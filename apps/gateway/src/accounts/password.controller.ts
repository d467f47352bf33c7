import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  changePasswordRequestSchema,
  loginResponseSchema,
  type ChangePasswordRequest,
  type LoginResponse,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { CLOCK, type Clock } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { badRequest, unauthorized } from '../problems/problem';
import { accessOfRequest, ForPeople, ForScope } from './access';
import { Accounts } from './accounts';
import { Audited } from './audited';
import { LoginThrottle } from './login-throttle';
import { PasswordChecks } from './password-checks';
import { requireUsable } from './password-rules';
import type { Access } from './scopes';
import { SignInCookie } from './sign-in-cookie';
import { signInLinkMinutes } from './sign-in-links';
import { Users } from './users';

@Controller('api/auth/password')
export class PasswordController {
  constructor(
    private readonly accounts: Accounts,
    private readonly users: Users,
    private readonly passwords: PasswordChecks,
    private readonly throttle: LoginThrottle,
    private readonly cookie: SignInCookie,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ForScope('any')
  @ForPeople()
  @Audited('auth.password-changed')
  @Describes({
    summary:
      'Changes your own password and ends all your other sign-ins; this one goes on with the new token',
    body: changePasswordRequestSchema,
    answer: loginResponseSchema,
    problems: { 429: 'Too many failures; Retry-After says when to try again' },
  })
  async change(
    @Body(new Parsed(changePasswordRequestSchema)) body: ChangePasswordRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginResponse> {
    const access = accessOfRequest(request);
    const { username } = access.user;
    requireUsable(body.new, username, 'new');
    await this.requireCurrent(body.current, access, request.ip);
    if (body.current === body.new) throw badRequest('new', 'This is the password you have.');
    const admitted = await this.accounts.admit(await this.users.setPassword(username, body.new));
    if (!admitted) throw unauthorized('The token is not valid, or not any more.');
    return this.cookie.give(admitted, request, response);
  }

  /** Who found a browser signed in must not make it theirs. @throws ProblemException 400 naming `current`, 429 */
  private async requireCurrent(given: string | undefined, access: Access, address?: string): Promise<void> {
    const name = access.user.username;
    if (given === undefined) {
      if (this.cameByLinkLately(access)) return;
      throw badRequest('current', 'Give your current password, or come by a new sign-in link.');
    }
    const isAtHome = () => Promise.resolve(true); // who is signed in is not held up by guesses from elsewhere
    const right = await this.throttle.guard({ address, name, isAtHome }, async () => {
      const user = await this.users.find(name);
      return (await this.passwords.check(given, user?.passwordHash)) || undefined;
    });
    if (!right) throw badRequest('current', 'This is not your password.');
  }

  private cameByLinkLately({ linkUsedAt }: Access): boolean {
    return linkUsedAt !== undefined && Math.abs(this.now() - linkUsedAt) < signInLinkMinutes * 60_000;
  }
}
