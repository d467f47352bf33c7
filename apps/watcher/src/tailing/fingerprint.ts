import { hash } from 'node:crypto';

/** How many of a file's first bytes take part in its identity. */
export const firstBytesLimit = 256;
/** How many bytes before an offset are hashed to prove that they still are what was published. */
export const tailLimit = 1024;

/** 32 hex digits over any bytes. */
export function fingerprint(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 32);
}

/** What tells one file from another that came to its path. */
export interface Identity {
  readonly device: number;
  readonly inode: number;
  /** Fingerprint of the first `bytes` bytes; of a document: of all of them. */
  readonly hash: string;
  readonly bytes: number;
}

export function formatIdentity(identity: Identity): string {
  return `${identity.device}:${identity.inode}:${identity.hash}:${identity.bytes}`;
}

/** Undefined where the text is not an identity. */
export function parseIdentity(text: string | undefined): Identity | undefined {
  const match = /^(\d+):(\d+):([0-9a-f]+):(\d+)$/.exec(text ?? '');
  if (!match) return undefined;
  const [, device, inode, hashed, bytes] = match;
  return { device: Number(device), inode: Number(inode), hash: String(hashed), bytes: Number(bytes) };
}

/**
 * Whether an identity still is that of a file with this inode and these first bytes. The device number is
 * recorded but not compared: network, overlay and encrypted volumes get another one at each mount, and
 * everything would be published anew after every reboot.
 */
export function identityMatches(identity: Identity, inode: number, firstBytes: Uint8Array): boolean {
  if (identity.inode !== inode || firstBytes.length < identity.bytes) return false;
  return fingerprint(firstBytes.subarray(0, identity.bytes)) === identity.hash;
}
