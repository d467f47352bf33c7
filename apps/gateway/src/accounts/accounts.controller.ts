import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
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
import type { CookieOptions, Request, Response } from 'express';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { unauthorized } from '../problems/problem';
import { CurrentUser, ForScope, Open } from './access';
import { Accounts } from './accounts';
import { cookieName } from './credentials';
import { LoginThrottle } from './login-throttle';

@Controller('api/auth')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly throttle: LoginThrottle,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Open()
  @Describes({
    summary: 'Signs in with name and password',
    body: loginRequestSchema,
    answer: loginResponseSchema,
  })
  async login(
    @Body(new Parsed(loginRequestSchema)) body: LoginRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginResponse> {
    const address = request.ip ?? '';
    const admitted = await this.throttle.guard(address, body.username, () => this.accounts.login(body));
    if (!admitted) throw unauthorized('Name or password is wrong.');
    return this.withCookie(admitted, request, response);
  }

  @Post('sign-in')
  @HttpCode(200)
  @Open()
  @Describes({
    summary: "Takes a one-time link's token",
    body: signInRequestSchema,
    answer: loginResponseSchema,
  })
  async signIn(
    @Body(new Parsed(signInRequestSchema)) body: SignInRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginResponse> {
    const address = request.ip ?? '';
    const admitted = await this.throttle.guard(address, '', () => this.accounts.signIn(body.token));
    if (!admitted) throw unauthorized('This link was used before, or has expired. Ask for another.');
    return this.withCookie(admitted, request, response);
  }

  @Post('logout')
  @HttpCode(204)
  @ForScope('any')
  @Describes({ summary: 'Removes the cookie', status: 204 })
  logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    response.clearCookie(cookieName(this.config.port), this.cookieOptions(request));
  }

  @Get('me')
  @ForScope('any')
  @Describes({ summary: 'Who is signed in', answer: userSchema })
  me(@CurrentUser() user: User): User {
    return user;
  }

  private withCookie(admitted: LoginResponse, request: Request, response: Response): LoginResponse {
    response.cookie(cookieName(this.config.port), admitted.accessToken, {
      ...this.cookieOptions(request),
      expires: new Date(admitted.expiresAt),
    });
    response.setHeader('cache-control', 'no-store');
    return admitted;
  }

  private cookieOptions(request: Request): CookieOptions {
    const secure = request.secure || this.config.publicUrl?.startsWith('https:') === true;
    return { httpOnly: true, sameSite: 'strict', path: '/', secure };
  }
}
