import type { Span } from '../rules/rule';
import type { StringPlace } from '../structure/json-walk';
import { exactly } from '../rules/rule';
import { latin1 } from '../structure/latin1';
import { readable } from './readable';

/** Records that tell whose account is at work. What they tell of it is masked, whatever else is. */
export type AccountRecord = 'bridge-session' | 'session_context';

export const accountRecords: readonly AccountRecord[] = ['bridge-session', 'session_context'];
export const accountAnchors = exactly(...accountRecords);
/** Under this name what is masked in them is counted. */
export const accountRule = 'account';

/** What the account is not: the rest of a `bridge-session` is ids of the account and of the bridge. */
const bridgeNames = new Set([
  'type',
  'subtype',
  'sessionId',
  'uuid',
  'parentUuid',
  'timestamp',
  'version',
  'cwd',
  'gitBranch',
]);
const accountName = /e-?mail|account|organi[sz]ation|owner/i;
const typeBefore = /"type"\s{0,4}:\s{0,4}"$/;
const email = /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;
const typeBytes = 24;

/** Whether the name of such a record at `at` is what the record says it is, and not a text in it. */
export function isRecordType(bytes: Uint8Array, at: number, record: AccountRecord): boolean {
  return (
    bytes[at + record.length] === 0x22 && typeBefore.test(latin1(bytes, Math.max(0, at - typeBytes), at))
  );
}

/** Whether a whole string of such a record is the account's. */
export function isAccountString(record: AccountRecord, place: StringPlace): boolean {
  if (place.isKey) return false;
  return record === 'bridge-session' ? !bridgeNames.has(place.key) : accountName.test(place.key);
}

/** Every e-mail address in `[from, to)`. */
export function emailsIn(bytes: Uint8Array, from: number, to: number): Span[] {
  const text = readable(bytes, from, to);
  return [...text.matchAll(email)].map(({ 0: { length }, index }) => [from + index, from + index + length]);
}
