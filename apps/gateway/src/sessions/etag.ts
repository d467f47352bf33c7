import { createHash } from 'node:crypto';

/** An opaque name of everything the parts say: equal parts, equal name. */
export function fingerprint(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

export function etagOf(revision: string): string {
  return `"${encodeURIComponent(revision)}"`;
}

/** Whether the client says it holds this version already (`If-None-Match`, weak comparison). */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
