import { Inject, Injectable } from '@nestjs/common';
import type { LoginResponse } from '@telltale/contracts';
import type { CookieOptions, Request, Response } from 'express';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { cookieName } from './credentials';

/** The cookie that keeps a browser signed in. No script can read it, and no other site's page sends it along. */
@Injectable()
export class SignInCookie {
  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  give(admitted: LoginResponse, request: Request, response: Response): LoginResponse {
    response.cookie(cookieName(this.config.port), admitted.accessToken, {
      ...this.options(request),
      expires: new Date(admitted.expiresAt),
    });
    response.setHeader('cache-control', 'no-store');
    return admitted;
  }

  take(request: Request, response: Response): void {
    response.clearCookie(cookieName(this.config.port), this.options(request));
  }

  private options(request: Request): CookieOptions {
    const secure = request.secure || this.config.publicUrl?.startsWith('https:') === true;
    return { httpOnly: true, sameSite: 'strict', path: '/', secure };
  }
}
