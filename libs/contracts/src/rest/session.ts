import { z } from 'zod';
import { tokensSchema } from '../vocabulary';
import { summarySchema } from './summary';
import { screenshotSchema, testReportSchema } from './test-run';

export const objectiveSchema = z.object({
  id: z.string(),
  text: z.string(),
  status: z.enum(['pending', 'active', 'completed']),
  at: z.string().nullable(),
  completedAt: z.string().nullable(),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const agentStatsSchema = z.object({
  messages: z.number().int(),
  toolCalls: z.number().int(),
  tokens: tokensSchema,
  costUsd: z.number().nullable(),
});
export const agentSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  type: z.string().nullable(),
  description: z.string().nullable(),
  model: z.string().nullable(),
  status: z.enum(['running', 'waiting', 'idle', 'completed', 'failed']),
  startedAt: z.string().nullable(),
  lastActivityAt: z.string().nullable(),
  stats: agentStatsSchema,
});
export type Agent = z.infer<typeof agentSchema>;

export const toolUsageSchema = z.object({
  name: z.string(),
  calls: z.number().int(),
  errors: z.number().int(),
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
  totalMs: z.number().nullable(),
  lastAt: z.string().nullable(),
});
export type ToolUsage = z.infer<typeof toolUsageSchema>;

export const tokensByModelSchema = z.object({
  model: z.string(),
  tokens: tokensSchema,
  costUsd: z.number().nullable(),
  messages: z.number().int(),
});

export const linkSchema = z.object({ kind: z.string(), label: z.string(), url: z.string() });
export const sessionErrorSchema = z.object({
  at: z.string().nullable(),
  kind: z.string(),
  message: z.string(),
});
export const sessionFileSchema = z.object({
  path: z.string(),
  host: z.string(),
  /** `main` or the agent whose transcript it is. */
  role: z.string(),
  removed: z.boolean(),
});

/** A reading of an account's limit, as the tool wrote it last. */
export const rateLimitSchema = z.object({
  name: z.string(),
  usedPercent: z.number(),
  windowMinutes: z.number().nullable(),
  resetsAt: z.string().nullable(),
  /** When it was read. */
  at: z.string().nullable(),
});
export type RateLimit = z.infer<typeof rateLimitSchema>;

export const sessionSchema = summarySchema.extend({
  tokensByModel: z.array(tokensByModelSchema),
  objectives: z.array(objectiveSchema),
  agents: z.array(agentSchema),
  tools: z.array(toolUsageSchema),
  links: z.array(linkSchema),
  errors: z.array(sessionErrorSchema),
  forkedFrom: z.string().nullable().optional(),
  /** Of a test run only. */
  test: testReportSchema.nullable().optional(),
  screenshots: z.array(screenshotSchema),
  rateLimits: z.array(rateLimitSchema),
  files: z.array(sessionFileSchema),
});
export type Session = z.infer<typeof sessionSchema>;
