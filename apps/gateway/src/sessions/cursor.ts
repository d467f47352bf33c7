import { z } from 'zod';
import { badRequest } from '../problems/problem';

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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined; // not ours: the schema refuses it
  }
}
