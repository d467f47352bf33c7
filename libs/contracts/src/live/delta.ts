import { z } from 'zod';
import { alertSchema } from '../rest/alerts';
import { messageSchema } from '../rest/message';
import { sessionSchema } from '../rest/session';
import { roomSchema } from './rooms';

/** A session's changes: absolute values of what changed, plus what was added. */
export const sessionChangesSchema = sessionSchema.partial().extend({
  messages: z.array(messageSchema).optional(),
  /** Raised now. They change nothing of the room: such a delta leads from the room's revision to the same. */
  alerts: z.array(alertSchema).optional(),
  /** The session was deleted for good. */
  deleted: z.literal(true).optional(),
});
export type SessionChanges = z.infer<typeof sessionChangesSchema>;

/** Leads a room from revision `from` to revision `to`. Above 64 KiB it carries `refetch` instead of changes. */
export const deltaSchema = z.object({
  room: roomSchema,
  sessionId: z.string(),
  /** Null: the session is new with this delta. */
  from: z.string().nullable(),
  to: z.string(),
  at: z.string(),
  changes: sessionChangesSchema.optional(),
  refetch: z.literal(true).optional(),
  /** When the bytes behind this delta were seen, committed and emitted: epoch milliseconds with fraction. */
  trace: z
    .object({ seen: z.number(), fact: z.number().optional(), committed: z.number(), emitted: z.number() })
    .optional(),
});
export type Delta = z.infer<typeof deltaSchema>;

export const maxDeltaBytes = 64 * 1024;
