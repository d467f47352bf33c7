import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { LoginRequest, LoginResponse } from '@telltale/contracts';
import { DataSource, LessThan } from 'typeorm';
import { CLOCK, type Clock } from '../connections';
import { EndedSignInEntity } from '../database/ended-sign-in.entity';
import { UserEntity } from '../database/user.entity';
import { AccessChanges } from './access-changes';
import { issueAccessToken, signingKey } from './access-tokens';
import { apiTokenId } from './api-token-text';
import { ApiTokens } from './api-tokens';
import { KnownUsers } from './known-users';
import { PasswordChecks } from './password-checks';
import { allows, grantedTo, scopesOf, type Access } from './scopes';
import { redeemSignInToken } from './sign-in-links';
import { VerifiedTokens } from './verified-tokens';

/** Lets people and programs in, and says who they are. */
@Injectable()
export class Accounts implements OnApplicationBootstrap {
  private key: Promise<Uint8Array> | undefined;
  private readonly verified = new VerifiedTokens();

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly apiTokens: ApiTokens,
    private readonly known: KnownUsers,
    private readonly passwords: PasswordChecks,
    private readonly changes: AccessChanges,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.signingKey();
  }

  /** Undefined for a wrong name, a wrong password and a disabled user alike, after the same work. */
  async login(request: LoginRequest): Promise<LoginResponse | undefined> {
    const user = await this.users.findOneBy({ username: request.username });
    const valid = await this.passwords.check(request.password, user?.passwordHash);
    return user && valid ? this.admit(user) : undefined;
  }

  /** Undefined where the link was used before, has expired or never was, and where its user may not come in. */
  async signIn(token: string): Promise<LoginResponse | undefined> {
    const username = await redeemSignInToken(this.database, token, this.now());
    const user = username === undefined ? null : await this.users.findOneBy({ username });
    return user ? this.admit(user, true) : undefined;
  }

  /** Ends this one sign-in: its token is refused from now on, by every replica. */
  async signOut({ user, signInId, expiresAt }: Access): Promise<void> {
    if (signInId === undefined) return; // a token of before version 0.2
    const ended = this.database.getRepository(EndedSignInEntity);
    await ended.delete({ expiresAt: LessThan(new Date(this.now())) });
    await ended.upsert({ id: signInId, username: user.username, expiresAt: new Date(expiresAt) }, ['id']);
    this.changes.announce({ username: user.username });
  }

  /** Who brings this token, signed or of a program; the role as it is now. Undefined: nobody we know. */
  authenticate(token: string): Promise<Access | undefined> {
    return apiTokenId(token) === undefined ? this.ofSignedToken(token) : this.ofApiToken(token);
  }

  /** A token for this user, as of now; undefined where the user is disabled. */
  async admit(user: UserEntity, byLink = false): Promise<LoginResponse | undefined> {
    if (user.disabledAt !== null) return undefined;
    const now = this.now();
    await this.users.update({ username: user.username }, { lastSignInAt: new Date(now) });
    const { username, role, tokenVersion } = user;
    return issueAccessToken(await this.signingKey(), { user: { username, role }, tokenVersion, byLink }, now);
  }

  private async ofSignedToken(token: string): Promise<Access | undefined> {
    const claims = await this.verified.read(await this.signingKey(), token, this.now());
    if (!claims) return undefined;
    const { user, ended } = await this.known.find(claims.user.username);
    if (user?.tokenVersion !== claims.tokenVersion) return undefined;
    const { expiresAt, id, linkUsedAt } = claims;
    if (id !== undefined && ended.has(id)) return undefined;
    const { username, role } = user;
    return {
      user: { username, role },
      scopes: scopesOf(role),
      expiresAt,
      ...(id === undefined ? {} : { signInId: id }),
      ...(linkUsedAt === undefined ? {} : { linkUsedAt }),
    };
  }

  private async ofApiToken(token: string): Promise<Access | undefined> {
    const found = await this.apiTokens.find(token);
    const maker = found && (await this.known.find(found.username)).user;
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

  private signingKey(): Promise<Uint8Array> {
    this.key ??= signingKey(this.database).catch((error: unknown) => {
      this.key = undefined; // the database was away: the next request asks again
      throw error;
    });
    return this.key;
  }

  private get users() {
    return this.database.getRepository(UserEntity);
  }
}
