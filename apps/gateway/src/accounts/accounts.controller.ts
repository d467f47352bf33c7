import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  loginRequestSchema,
  loginResponseSchema,
  signInRequestSchema,
  userSchema,
  type LoginRequest,
  type LoginResponse,
  type SignInRequest,
  type User,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { unauthorized } from '../problems/problem';
import { accessOfRequest, CurrentUser, ForPeople, ForScope, Open } from './access';
import { Accounts } from './accounts';
import { AuditTrail } from './audit-trail';
import { Audited, noteAudit } from './audited';
import { LoginThrottle } from './login-throttle';
import { SignInCookie } from './sign-in-cookie';
import { Users } from './users';

const tooMany = { 429: 'Too many failures, or too many at once; Retry-After says when to try again' };

@Controller('api/auth')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly users: Users,
    private readonly trail: AuditTrail,
    private readonly throttle: LoginThrottle,
    private readonly cookie: SignInCookie,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Open()
  @Audited('auth.login')
  @Describes({
    summary: 'Signs in with name and password',
    body: loginRequestSchema,
    answer: loginResponseSchema,
    problems: { 401: 'Name or password is wrong', ...tooMany },
  })
  async login(
    @Body(new Parsed(loginRequestSchema)) body: LoginRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginResponse> {
    const { ip: address } = request;
    const { username: name } = body;
    const isAtHome = () => this.trail.cameIn(name, address);
    const admitted = await this.throttle.guard({ address, name, isAtHome }, () => this.accounts.login(body));
    if (!admitted) {
      // Somebody may have typed the password into the wrong field: only names that exist are written down.
      if (await this.users.find(name)) noteAudit(request, { target: name });
      throw unauthorized('Name or password is wrong.');
    }
    noteAudit(request, { username: name });
    return this.cookie.give(admitted, request, response);
  }

  @Post('sign-in')
  @HttpCode(200)
  @Open()
  @Audited('auth.link-used')
  @Describes({
    summary: "Takes a one-time link's token",
    body: signInRequestSchema,
    answer: loginResponseSchema,
    problems: { 401: 'The link was used before, or has expired', ...tooMany },
  })
  async signIn(
    @Body(new Parsed(signInRequestSchema)) body: SignInRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginResponse> {
    const admitted = await this.throttle.guard({ address: request.ip }, () =>
      this.accounts.signIn(body.token),
    );
    if (!admitted) throw unauthorized('This link was used before, or has expired. Ask for another.');
    noteAudit(request, { username: admitted.user.username });
    return this.cookie.give(admitted, request, response);
  }

  @Post('logout')
  @HttpCode(204)
  @ForScope('any')
  @ForPeople()
  @Audited('auth.logout')
  @Describes({ summary: 'Ends this sign-in, on every replica, and removes the cookie', status: 204 })
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.accounts.signOut(accessOfRequest(request));
    this.cookie.take(request, response);
  }

  @Get('me')
  @ForScope('any')
  @Describes({ summary: 'Who is signed in', answer: userSchema })
  me(@CurrentUser() user: User): User {
    return user;
  }
}
