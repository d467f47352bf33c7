import { z } from 'zod';

/** A request in Nest's NATS envelope: every ingest replica notes which files are to be read again, and reads those it holds. */
export const quarantineRetryPattern = 'telltale.requests.ingest.quarantine.retry';

/** Names the file of a record that was set aside. PostgreSQL takes no NUL in a text. */
export const quarantinedFileSchema = z
  .string()
  .min(1)
  .max(700)
  .refine((file) => !file.includes('\0'), 'This names no file.');

/** Without a file: all of them. */
export const quarantineRetryCommandSchema = z.strictObject({ file: quarantinedFileSchema.optional() });
export type QuarantineRetryCommand = z.infer<typeof quarantineRetryCommandSchema>;

/** So many files will be read again from the log. Said once that is noted, which outlives every restart. */
export const quarantineRetryAnswerSchema = z.object({ files: z.number().int().nonnegative() });
export type QuarantineRetryAnswer = z.infer<typeof quarantineRetryAnswerSchema>;
