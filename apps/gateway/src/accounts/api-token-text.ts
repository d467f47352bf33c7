import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `tt_`, an id that is no secret, and 256 random bits: recognisable for people and for scanners of secrets. */
const form = /^tt_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

export interface NewApiToken {
  readonly id: string;
  readonly token: string;
}

export function mintApiToken(): NewApiToken {
  const id = randomBytes(8).toString('hex');
  return { id, token: `tt_${id}_${randomBytes(32).toString('base64url')}` };
}

/** The id within an API token; undefined for any other text, a signed token for one. */
export function apiTokenId(token: string): string | undefined {
  return form.exec(token)?.[1];
}

/** The secret is 256 random bits: a plain hash needs no salt and no stretching. */
export function hashApiToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Takes the same time however much of the two is alike. */
export function isApiToken(token: string, hash: string): boolean {
  const given = Buffer.from(hashApiToken(token), 'hex');
  const kept = Buffer.from(hash, 'hex');
  return given.length === kept.length && timingSafeEqual(given, kept);
}
