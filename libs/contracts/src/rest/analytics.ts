import { z } from 'zod';
import { tokensSchema } from '../vocabulary';
import { timeFilterSchema } from './time-filter';

export const groupBys = ['day', 'hour', 'model', 'project', 'host', 'source', 'tool'] as const;
export const analyticsQuerySchema = z.strictObject({
  /** A day here is one of `tz`. */
  from: timeFilterSchema.optional(),
  to: timeFilterSchema.optional(),
  groupBy: z.enum(groupBys).default('day'),
  session: z.string().max(400).optional(),
  tz: z.string().max(100).default('UTC'),
});
export type AnalyticsQuery = z.infer<typeof analyticsQuerySchema>;

const figures = {
  sessions: z.number().int(),
  messages: z.number().int(),
  toolCalls: z.number().int(),
  /** Null when grouped by tool: usage belongs to messages, not to tools. */
  tokens: tokensSchema.nullable(),
  costUsd: z.number().nullable(),
};
export const analyticsSummarySchema = z.object({
  groups: z.array(z.object({ key: z.string().nullable(), ...figures })),
  total: z.object(figures),
});
export type AnalyticsSummary = z.infer<typeof analyticsSummarySchema>;
