import { z } from 'zod';

/** The tools Telltale watches. The names are part of subjects, rows and URLs. */
export const sources = ['claude-code', 'codex', 'opencode', 'gemini', 'ui-test', 'push'] as const;
export const sourceSchema = z.enum(sources);
export type Source = z.infer<typeof sourceSchema>;

/** `running` and `waiting` are active. */
export const statuses = ['running', 'waiting', 'idle', 'completed', 'failed'] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

/** ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime({ offset: true });

/** Token classes mean the same for every source: `input` is the uncached part, `output` includes `reasoning`. */
export const tokensSchema = z.object({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cacheWrite5m: z.number().int().nonnegative(),
  cacheWrite1h: z.number().int().nonnegative(),
  cacheRead: z.number().int().nonnegative(),
  reasoning: z.number().int().nonnegative(),
  /** input + output + both cache writes + cache reads. */
  total: z.number().int().nonnegative(),
});
export type Tokens = z.infer<typeof tokensSchema>;
