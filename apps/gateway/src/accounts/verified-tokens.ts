import { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { readAccessToken, type AccessClaims } from './access-tokens';

const mostRemembered = 1_000;

/**
 * What tokens with our signature say: a signature is checked once, not with each request. Whether the token is still
 * good is another question, and nobody's here but its expiry's. Digests are kept, not tokens.
 */
export class VerifiedTokens {
  private readonly known = new LRUCache<string, AccessClaims>({ max: mostRemembered });

  /** @param now epoch milliseconds. Undefined where the token is not ours, was changed, or has expired */
  async read(key: Uint8Array, token: string, now: number): Promise<AccessClaims | undefined> {
    const digest = hash('sha256', token, 'base64');
    const known = this.known.get(digest);
    if (known) return now < known.expiresAt ? known : undefined;
    const claims = await readAccessToken(key, token, now);
    if (claims) this.known.set(digest, claims);
    return claims;
  }
}
