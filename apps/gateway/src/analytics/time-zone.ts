import { badRequest } from '../problems/problem';

/** IANA names only: an offset like `+02:00` means its opposite to Postgres. */
const ianaName = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** @throws ProblemException 400 for `field` */
export function checkedTimeZone(tz: string, field = 'tz'): string {
  if (ianaName.test(tz) && isKnown(tz)) return tz;
  throw badRequest(field, 'This is not a time zone of the IANA database, such as Europe/Berlin.');
}

function isKnown(tz: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: the very question asked
  }
}
