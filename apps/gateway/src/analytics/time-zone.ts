import { badRequest, type ProblemException } from '../problems/problem';

/** IANA names only: an offset like `+02:00` means its opposite to Postgres. */
const ianaName = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** @throws ProblemException 400 for `field` */
export function checkedTimeZone(tz: string, field = 'tz'): string {
  if (ianaName.test(tz) && isKnown(tz)) return tz;
  throw unknownZone(field);
}

/**
 * Asks PostgreSQL something in this time zone.
 *
 * @throws ProblemException 400 also where its database does not have the zone: Node.js knows a few more
 */
export async function inTimeZone<T>(tz: string, ask: (zone: string) => Promise<T>): Promise<T> {
  const zone = checkedTimeZone(tz);
  try {
    return await ask(zone);
  } catch (error) {
    if (isUnknownZone(error)) throw unknownZone('tz');
    throw error;
  }
}

/** "invalid parameter value": nothing else in our statements is a name of PostgreSQL's. */
function isUnknownZone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '22023';
}

function unknownZone(field: string): ProblemException {
  return badRequest(field, 'This is not a time zone of the IANA database, such as Europe/Berlin.');
}

function isKnown(tz: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: the very question asked
  }
}
