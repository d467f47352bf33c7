import { z } from 'zod';
import { badRequest } from '../problems/problem';

const timestampText =
  /^(?!0000)(\d{4}-\d\d-\d\d) ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d)?$/;

/** A time in a cursor, as PostgreSQL writes it; nothing that it would not read. */
export const cursorTime = z.string().refine((text) => isDay(timestampText.exec(text)?.[1]));
/** A number of 64 bits in a cursor. */
export const cursorBigint = z
  .string()
  .refine((digits) => /^-?\d{1,19}$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits));

/** Where a page ended, as an opaque text: base64url of JSON. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws ProblemException 400 for `field` where the text is not a cursor of this kind */
export function decodeCursor<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  field: string,
): z.output<Schema> {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw badRequest(
    field,
    'This is not a cursor of this list. Take nextCursor of an answer, with the same sort.',
  );
}

/** There is no 30th of February. */
function isDay(day: string | undefined): boolean {
  if (day === undefined) return false;
  const start = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined; // not ours: the schema refuses it
  }
}
