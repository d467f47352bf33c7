import { z } from 'zod';

export const statTypes = ['messages', 'tools', 'tokens', 'cost'] as const;
export const statTypeSchema = z.enum(statTypes);
export type StatType = z.infer<typeof statTypeSchema>;

export const statChangeSchema = z.strictObject({
  /** Of `cost`: US dollars. */
  new_value: z.number(),
  /** `262`, `45K`, `$0.45` */
  formatted_value: z.string(),
  /** Since what this client was told last. */
  delta: z.number(),
  animation: z.enum(['increment', 'none']),
});

/** The names `/ws/session/:id` gives to what `/ws/stats/:id` calls `stat_update`. */
export const sessionStatNames = {
  messages: 'message_count_update',
  tools: 'tool_usage_update',
  tokens: 'token_count_update',
  cost: 'cost_update',
} as const satisfies Record<StatType, string>;

export const statFrameSchema = z.strictObject({
  type: z.enum(['stat_update', ...Object.values(sessionStatNames)]),
  stat_type: statTypeSchema,
  session_id: z.string(),
  timestamp: z.iso.datetime(),
  update: statChangeSchema,
});
export type StatFrame = z.infer<typeof statFrameSchema>;

export const newMessageFrameSchema = z.strictObject({
  type: z.literal('new_message'),
  session_id: z.string(),
  message: z.strictObject({
    uuid: z.string(),
    author: z.enum(['user', 'assistant', 'tool', 'system']),
    timestamp: z.iso.datetime(),
    /** Up to 2 KiB; of a tool call what it was told. */
    preview: z.string(),
    tool_used: z.string().optional(),
  }),
});
export type NewMessageFrame = z.infer<typeof newMessageFrameSchema>;

/** What `/ws/session/:id` and `/ws/stats/:id` send. */
export const liveStatsFrameSchema = z.union([
  z.strictObject({ type: z.literal('connection'), status: z.literal('connected') }),
  z.strictObject({ type: z.literal('pong') }),
  statFrameSchema,
  newMessageFrameSchema,
]);

/** Close code for a session that there is not, or not any more. */
export const unknownSessionCode = 4004;

export const sessionLiveQuerySchema = z.strictObject({ session_id: z.string().min(1).max(400) });
export const sessionLiveSchema = z.strictObject({
  session_id: z.string(),
  message_count: z.number().int(),
  tool_usage_count: z.number().int(),
  token_count: z.number().int(),
  /** US dollars; 0 where nothing could be priced. */
  cost: z.number(),
  last_activity: z.string().nullable(),
  is_active: z.boolean(),
});
export type SessionLive = z.infer<typeof sessionLiveSchema>;

export const statsLiveQuerySchema = sessionLiveQuerySchema.partial();
export const statsLiveSchema = z.strictObject({
  total_messages: z.number().int(),
  total_tools: z.number().int(),
  total_tokens: z.number().int(),
  total_cost: z.number(),
  active_sessions: z.number().int(),
  last_updated: z.string(),
});
export type StatsLive = z.infer<typeof statsLiveSchema>;
