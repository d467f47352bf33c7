/** 9999-12-31: beyond it neither ISO text nor Postgres is at ease. */
const latest = 253_402_300_799_999;
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Epoch milliseconds of an ISO 8601 text or of a number of milliseconds; undefined where it is neither. A text
 * without a zone is UTC: what a transcript says must not depend on the machine that reads it.
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return within(Math.trunc(value));
  if (typeof value !== 'string' || value.length > 40) return undefined;
  // Nearly every timestamp is written like this; the rest is looked at closely.
  if (value.length === 24 && value[4] === '-' && value[10] === 'T' && value[23] === 'Z')
    return within(Date.parse(value));
  const match = iso.exec(value);
  if (match === null) return undefined;
  return within(Date.parse(match[1] === undefined ? `${value}Z` : value));
}

function within(at: number): number | undefined {
  return at > 0 && at <= latest ? at : undefined;
}
