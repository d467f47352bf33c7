import { z } from 'zod';

/** A line of `file.replaced` and `rows.changed`: an element of a document or a row of a store that changed. */
export const elementLineSchema = z.object({
  /** Names the element within its document or store: `messages/3`, `part/prt_1`. */
  element: z.string().min(1),
  /** What it is now; null: it is gone. */
  value: z.unknown(),
});
export type ElementLine = z.infer<typeof elementLineSchema>;

/** The line of `process.gone`: a process of the live registry is no more. */
export const processGoneLineSchema = z.object({
  pid: z.number().int(),
  /** Epoch milliseconds at which it was found gone. */
  at: z.number(),
  reason: z.enum(['dead', 'other-process']),
});
export type ProcessGoneLine = z.infer<typeof processGoneLineSchema>;
