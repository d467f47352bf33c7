import { z } from 'zod';
import {
  quarantinedFileSchema,
  quarantineRetryAnswerSchema,
  quarantineRetryCommandSchema,
} from '../requests/quarantine-retry';
import { instantSchema } from '../vocabulary';

/** A record that could not be read or stored. `excerpt` is text out of it, and nothing but text. */
export const quarantinedSchema = z.object({
  /** Its place in the log: the fact in the stream FACTS, and the line in its body, from 0. */
  sequence: z.number().int().nonnegative(),
  line: z.number().int().nonnegative(),
  /** Names its file: what a retry takes. */
  file: z.string(),
  path: z.string(),
  host: z.string(),
  source: z.string(),
  reason: z.string(),
  excerpt: z.string(),
  /** When it was set aside. */
  at: instantSchema,
});
export type Quarantined = z.infer<typeof quarantinedSchema>;

export const quarantineQuerySchema = z.strictObject({
  host: z.string().min(1).max(300).optional(),
  source: z.string().min(1).max(40).optional(),
  file: quarantinedFileSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2000).optional(),
});
export type QuarantineQuery = z.infer<typeof quarantineQuerySchema>;

/** The newest first. */
export const quarantineListSchema = z.object({
  items: z.array(quarantinedSchema),
  total: z.number().int(),
  nextCursor: z.string().nullable(),
});
export type QuarantineList = z.infer<typeof quarantineListSchema>;

export const quarantineRetryRequestSchema = quarantineRetryCommandSchema;
export type QuarantineRetryRequest = z.infer<typeof quarantineRetryRequestSchema>;

export const quarantineRetrySchema = quarantineRetryAnswerSchema;
export type QuarantineRetry = z.infer<typeof quarantineRetrySchema>;
