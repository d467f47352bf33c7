import { tokenScopes, type Role, type TokenScope, type User } from '@telltale/contracts';

/** What somebody who showed a credential may do. */
export interface Access {
  /** Of a token: who made it, as an administrator only where the token has that scope. */
  readonly user: User;
  readonly scopes: readonly TokenScope[];
  /** Epoch milliseconds; Infinity for a token without expiry. */
  readonly expiresAt: number;
  /** Undefined where a user came, not a program. */
  readonly tokenId?: string;
  /** Of a user's token: what to end when signing out. */
  readonly signInId?: string;
  /** Epoch milliseconds at which the user came by a sign-in link; undefined where it was name and password. */
  readonly linkUsedAt?: number;
}

/** What users of a role may do. Who only looks on pushes nothing. */
export function scopesOf(role: Role): readonly TokenScope[] {
  return role === 'admin' ? tokenScopes : ['read'];
}

export function allows(access: Pick<Access, 'scopes'>, needed: TokenScope): boolean {
  return access.scopes.includes(needed) || access.scopes.includes('admin');
}

/** A token's scopes as far as its maker still has them. */
export function grantedTo(role: Role, scopes: readonly TokenScope[]): readonly TokenScope[] {
  const granted = scopesOf(role);
  return role === 'admin' ? scopes : granted.filter((scope) => allows({ scopes }, scope));
}
