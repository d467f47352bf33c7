import { z } from 'zod';
import { quarantineRetryRequestSchema, quarantineRetrySchema } from '../rest/quarantine';

/** A request in Nest's NATS envelope: every ingest replica notes which files are to be read again, and reads those it holds. */
export const quarantineRetryPattern = 'telltale.requests.ingest.quarantine.retry';

export const quarantineRetryCommandSchema = quarantineRetryRequestSchema;
export type QuarantineRetryCommand = z.infer<typeof quarantineRetryCommandSchema>;

/** Once it is noted, which outlives every restart. */
export const quarantineRetryAnswerSchema = quarantineRetrySchema;
export type QuarantineRetryAnswer = z.infer<typeof quarantineRetryAnswerSchema>;
