import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { LoginRequest, LoginResponse } from '@telltale/contracts';
import { DataSource } from 'typeorm';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, type Clock } from '../connections';
import { UserEntity } from '../database/user.entity';
import { issueAccessToken, readAccessToken, signingKey } from './access-tokens';
import { apiTokenId } from './api-token-text';
import { ApiTokens } from './api-tokens';
import { ensureAdmin } from './first-admin';
import { hashPassword, verifyPassword } from './passwords';
import { allows, grantedTo, scopesOf, type Access } from './scopes';
import { redeemSignInToken } from './sign-in-links';

/** A removed user or a changed role takes effect within this time. */
const userCacheMs = 5000;

@Injectable()
export class Accounts implements OnApplicationBootstrap {
  private key: Promise<Uint8Array> | undefined;
  private decoy: Promise<string> | undefined;
  private readonly known = new Map<string, { readonly user: UserEntity | null; readonly at: number }>();

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly apiTokens: ApiTokens,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await ensureAdmin(this.database, this.config.adminPassword);
    await this.signingKey();
  }

  /** Undefined for a wrong name and for a wrong password alike, after the same work. */
  async login(request: LoginRequest): Promise<LoginResponse | undefined> {
    const user = await this.users.findOneBy({ username: request.username });
    const valid = await verifyPassword(request.password, user?.passwordHash ?? (await this.decoyHash()));
    return user && valid ? this.admit(user) : undefined;
  }

  /** Undefined where the link was used before, has expired or never was. */
  async signIn(token: string): Promise<LoginResponse | undefined> {
    const username = await redeemSignInToken(this.database, token, this.now());
    const user = username === undefined ? null : await this.users.findOneBy({ username });
    return user ? this.admit(user) : undefined;
  }

  /** Who brings this token, signed or of a program; the role as it is now. Undefined: nobody we know. */
  authenticate(token: string): Promise<Access | undefined> {
    return apiTokenId(token) === undefined ? this.ofSignedToken(token) : this.ofApiToken(token);
  }

  private async ofSignedToken(token: string): Promise<Access | undefined> {
    const claims = await readAccessToken(await this.signingKey(), token, this.now());
    if (!claims) return undefined;
    const user = await this.find(claims.user.username);
    if (!user || user.tokenVersion !== claims.tokenVersion) return undefined;
    const { username, role } = user;
    return { user: { username, role }, scopes: scopesOf(role), expiresAt: claims.expiresAt };
  }

  private async ofApiToken(token: string): Promise<Access | undefined> {
    const found = await this.apiTokens.find(token);
    const maker = found && (await this.find(found.username));
    if (!maker) return undefined;
    const scopes = grantedTo(maker.role, found.scopes);
    const role = allows({ scopes }, 'admin') ? 'admin' : 'viewer';
    return {
      user: { username: maker.username, role },
      scopes,
      expiresAt: found.expiresAt?.getTime() ?? Infinity,
      tokenId: found.id,
    };
  }

  private admit(user: UserEntity): Promise<LoginResponse> {
    return this.signingKey().then((key) =>
      issueAccessToken(key, { username: user.username, role: user.role }, user.tokenVersion, this.now()),
    );
  }

  private async find(username: string): Promise<UserEntity | null> {
    const cached = this.known.get(username);
    // Either way: a clock that was put back must not keep anybody.
    if (cached && Math.abs(this.now() - cached.at) < userCacheMs) return cached.user;
    const user = await this.users.findOneBy({ username });
    this.known.set(username, { user, at: this.now() });
    return user;
  }

  private signingKey(): Promise<Uint8Array> {
    this.key ??= signingKey(this.database).catch((error: unknown) => {
      this.key = undefined; // the database was away: the next request asks again
      throw error;
    });
    return this.key;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hashPassword('nobody has this password');
    return this.decoy;
  }

  private get users() {
    return this.database.getRepository(UserEntity);
  }
}
