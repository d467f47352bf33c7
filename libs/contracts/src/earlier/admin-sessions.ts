import { z } from 'zod';
import { statusSchema } from '../vocabulary';

export const adminSessionSchema = z.strictObject({
  /** The id its client gave for a pushed session, so that it can be written to; else the session's id. */
  session_id: z.string(),
  user: z.string().nullable(),
  title: z.string().nullable(),
  created_at: z.string(),
  last_activity: z.string(),
  message_count: z.number().int(),
  status: statusSchema,
});
export type AdminSession = z.infer<typeof adminSessionSchema>;

/** All sessions, the newest first, and what they come to. */
export const adminSessionsSchema = z.strictObject({
  sessions: z.array(adminSessionSchema),
  /** Running and waiting. */
  active: z.number().int(),
  total_messages: z.number().int(),
  most_recent_activity: z.string().nullable(),
});
