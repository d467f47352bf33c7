import { subjectToken } from '../facts/subjects';

const root = 'telltale.bytes';

export interface BytesSubject {
  readonly host: string;
  /** Of the whole, 64 lower-case hex digits. */
  readonly sha256: string;
  /** From 0. */
  readonly chunk: number;
}

/** Where a chunk lies: `telltale.bytes.<host>.<sha256>.<n>`. The same bytes of one host lie there once. */
export function bytesSubject({ host, sha256, chunk }: BytesSubject): string {
  return `${root}.${subjectToken(host)}.${sha256}.${chunk}`;
}

/** All that one host may write. */
export function hostBytesFilter(host: string): string {
  return `${root}.${subjectToken(host)}.>`;
}
