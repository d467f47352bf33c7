import type { Access } from '../accounts/scopes';

/** Something that can be ended: a socket. */
export interface Admitted {
  disconnect(close: boolean): unknown;
}

/** A token with which sockets were opened. */
export interface Credential {
  readonly token: string;
  /** As of when it was looked at last. */
  access: Access;
  /** How many changes of access had been heard of before that. */
  readonly asOf: number;
  readonly sockets: Set<Admitted>;
  expiry: NodeJS.Timeout | undefined;
}
