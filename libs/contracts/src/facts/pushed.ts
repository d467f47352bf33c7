import { z } from 'zod';
import { pushIdPrefix, pushRoles } from '../rest/push';
import { tokensSchema } from '../vocabulary';

/** In place of a file's path, a pushed fact names its session: `push:<session_id>`. */
export const pushedPathPrefix = pushIdPrefix;

/** The gateway's time: what clients say of times is not asked. */
const at = z.iso.datetime();
const name = z.string().optional();

/** The session was announced; what is absent stays as it was. */
export const pushedSessionLineSchema = z.object({
  kind: z.literal('session'),
  at,
  user: name,
  title: name,
  project: name,
  model: name,
});

export const pushedMessageLineSchema = z.object({
  kind: z.literal('message'),
  at,
  /** The client's key, or a random one: what comes with a key that was seen is the same message. */
  id: z.string().min(1),
  role: z.enum(pushRoles),
  text: z.string(),
  model: name,
  usage: tokensSchema.optional(),
  tool: z
    .object({
      name: z.string(),
      id: name,
      /** JSON. */
      input: z.unknown().optional(),
      result: z.unknown().optional(),
      isError: z.boolean().optional(),
      durationMs: z.number().nonnegative().optional(),
    })
    .optional(),
});
export type PushedMessageLine = z.infer<typeof pushedMessageLineSchema>;

export const pushedEndLineSchema = z.object({
  kind: z.literal('end'),
  at,
  id: z.string().min(1),
  status: z.enum(['completed', 'failed']),
  reason: name,
});

/** A line of `session.reported`, and of `session.ended` the last one. */
export const pushedLineSchema = z.discriminatedUnion('kind', [
  pushedSessionLineSchema,
  pushedMessageLineSchema,
  pushedEndLineSchema,
]);
export type PushedLine = z.infer<typeof pushedLineSchema>;
