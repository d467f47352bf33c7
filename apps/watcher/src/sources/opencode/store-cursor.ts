import { z } from 'zod';

/**
 * How much of a session's rows is in the log, as the last fact of its subject notes it. Rows are published in the
 * order in which they were changed.
 */
export interface StoreCursor {
  /** The latest `time_updated` that was published, epoch ms. */
  readonly updatedAt: number;
  /** The newest rows up to which all are published; absent while a first reading is under way. */
  readonly newest?: { readonly message: number; readonly part: number };
  /** Fingerprint of what the overlap held when all was published. */
  readonly overlap?: string;
}

const schema = z.object({
  t: z.number(),
  m: z.number().optional(),
  p: z.number().optional(),
  h: z.string().optional(),
});

export function formatCursor({ updatedAt, newest, overlap }: StoreCursor): string {
  return JSON.stringify({ t: updatedAt, m: newest?.message, p: newest?.part, h: overlap });
}

/** Undefined where the text is no cursor of ours. */
export function parseCursor(text: string | undefined): StoreCursor | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text ?? ''));
    if (!parsed.success) return undefined;
    const { t, m, p, h } = parsed.data;
    return {
      updatedAt: t,
      ...(m === undefined || p === undefined ? {} : { newest: { message: m, part: p } }),
      ...(h === undefined ? {} : { overlap: h }),
    };
  } catch {
    return undefined; // not JSON: another version's, or none
  }
}
