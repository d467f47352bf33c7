import { z } from 'zod';
import { sourceSchema, statusSchema, tokensSchema } from '../vocabulary';

export const statsSchema = z.object({
  messages: z.number().int(),
  prompts: z.number().int(),
  toolCalls: z.number().int(),
  toolErrors: z.number().int(),
  screenshots: z.number().int(),
  errors: z.number().int(),
  objectives: z.object({ completed: z.number().int(), total: z.number().int() }),
  tokens: tokensSchema,
  /** Sum over priced usage in US dollars; null where none could be priced. */
  costUsd: z.number().nullable(),
  /** The tool's own figure. */
  reportedCostUsd: z.number().nullable(),
  unpricedModels: z.array(z.string()),
});
export type Stats = z.infer<typeof statsSchema>;

export const summarySchema = z.object({
  id: z.string(),
  source: sourceSchema,
  nativeId: z.string(),
  host: z.string(),
  user: z.string().nullable(),
  project: z.object({ path: z.string(), name: z.string() }).nullable(),
  branch: z.string().nullable(),
  phase: z.string().nullable(),
  title: z.string().nullable(),
  model: z.string().nullable(),
  models: z.array(z.string()),
  status: statusSchema,
  waitingFor: z.string().nullable().optional(),
  startedAt: z.string().nullable(),
  lastActivityAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  parentId: z.string().nullable(),
  archived: z.boolean(),
  revision: z.string(),
  /** What it is doing now, in a few words: `Editing src/cart/reserve.ts`. */
  currentStep: z.string().nullable(),
  /** The last 24 five-minute buckets that saw usage, oldest first: tokens but cache reads. For a sparkline. */
  activity: z.array(z.object({ at: z.string(), tokens: z.number().int() })),
  stats: statsSchema,
});
export type Summary = z.infer<typeof summarySchema>;
