import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { SignInLink } from '@telltale/contracts';
import { DataSource, LessThan } from 'typeorm';
import { z } from 'zod';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, type Clock } from '../connections';
import { SignInTokenEntity } from '../database/sign-in-token.entity';

/** Long enough to fetch a coffee while the first start works, short enough for a terminal's scrollback. */
export const signInLinkMinutes = 60;

/** What the database gives back of an update; TypeORM leaves it untyped. */
const returnedSchema = z.array(z.object({ username: z.string() }));

/** Links for users whom nobody has to tell a password. */
@Injectable()
export class SignInLinks {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @param reachedAt where the gateway was reached just now; its host was checked */
  async make(username: string, reachedAt: string): Promise<SignInLink> {
    const now = this.now();
    const token = await createSignInToken(this.database, username, now);
    return {
      link: linkOf(this.config.publicUrl ?? reachedAt, token),
      expiresAt: new Date(now + signInLinkMinutes * 60_000).toISOString(),
    };
  }
}

/** @returns `<base>/sign-in#token=…`; the fragment never reaches a server's or proxy's log */
export async function createSignInLink(
  database: DataSource,
  username: string,
  base: string,
): Promise<string> {
  return linkOf(base, await createSignInToken(database, username));
}

function linkOf(base: string, token: string): string {
  return `${base}/sign-in#token=${token}`;
}

export async function createSignInToken(
  database: DataSource,
  username: string,
  now = Date.now(),
): Promise<string> {
  const tokens = database.getRepository(SignInTokenEntity);
  await tokens.delete({ expiresAt: LessThan(new Date(now)) });
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now + signInLinkMinutes * 60_000);
  await tokens.insert({ tokenHash: hashOf(token), username, expiresAt, usedAt: null });
  return token;
}

/** Takes the token, once: of two who bring the same one, one gets in. @returns whom it signs in, if anybody */
export async function redeemSignInToken(
  database: DataSource,
  token: string,
  now = Date.now(),
): Promise<string | undefined> {
  const update = await database
    .createQueryBuilder()
    .update(SignInTokenEntity)
    .set({ usedAt: new Date(now) })
    .where('token_hash = :hash and used_at is null and expires_at > :now', {
      hash: hashOf(token),
      now: new Date(now),
    })
    .returning('username')
    .execute();
  return returnedSchema.parse(update.raw)[0]?.username;
}

/** The token is 256 random bits: a plain hash needs no salt and no stretching. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
