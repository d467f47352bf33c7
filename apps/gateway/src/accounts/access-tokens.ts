import type { LoginResponse, User } from '@telltale/contracts';
import { roleSchema } from '@telltale/contracts';
import { jwtVerify, SignJWT } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { SecretEntity } from '../database/secret.entity';

/** A dashboard on a wall should not ask for a password every morning. */
export const accessTokenDays = 7;
const issuer = 'telltale';
const algorithm = 'HS256';

const claimsSchema = z.object({
  sub: z.string(),
  role: roleSchema,
  ver: z.number().int(),
  exp: z.number(),
  iat: z.number(),
  jti: z.string().optional(),
  link: z.boolean().optional(),
});

/** What a valid token says. `expiresAt` is epoch milliseconds. */
export interface AccessClaims {
  readonly user: User;
  readonly tokenVersion: number;
  readonly expiresAt: number;
  /** Of this sign-in; tokens of before version 0.2 have none. */
  readonly id: string | undefined;
  /** Epoch milliseconds at which a sign-in link was used; undefined where it was name and password. */
  readonly linkUsedAt: number | undefined;
}

export interface SignedIn {
  readonly user: User;
  readonly tokenVersion: number;
  /** By a sign-in link, not by name and password. */
  readonly byLink?: boolean;
}

/** @param now epoch milliseconds */
export async function issueAccessToken(
  key: Uint8Array,
  { user, tokenVersion, byLink = false }: SignedIn,
  now: number,
): Promise<LoginResponse> {
  const issuedAt = Math.floor(now / 1000);
  const expires = issuedAt + accessTokenDays * 86_400;
  const accessToken = await new SignJWT({
    role: user.role,
    ver: tokenVersion,
    ...(byLink ? { link: true } : {}),
  })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setSubject(user.username)
    .setIssuer(issuer)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .sign(key);
  return { accessToken, expiresAt: new Date(expires * 1000).toISOString(), user };
}

/** Undefined where the token is not ours, was changed, or has expired. */
export async function readAccessToken(
  key: Uint8Array,
  token: string,
  now: number,
): Promise<AccessClaims | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer,
      algorithms: [algorithm],
      currentDate: new Date(now),
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return undefined;
    const { sub, role, ver, exp, iat, jti, link } = claims.data;
    return {
      user: { username: sub, role },
      tokenVersion: ver,
      expiresAt: exp * 1000,
      id: jti,
      linkUsedAt: link ? iat * 1000 : undefined,
    };
  } catch {
    return undefined; // jose throws for every reason not to believe a token; they are all the same to us
  }
}

const secretName = 'access-token-key';

/** The signing key that all replicas share, made by whoever comes first. */
export async function signingKey(database: DataSource): Promise<Uint8Array> {
  const secrets = database.getRepository(SecretEntity);
  await secrets
    .createQueryBuilder()
    .insert()
    .values({ name: secretName, value: randomBytes(32) })
    .orIgnore()
    .execute();
  const { value } = await secrets.findOneByOrFail({ name: secretName });
  return new Uint8Array(value);
}
