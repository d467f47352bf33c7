import { z } from 'zod';
import { instantSchema } from '../vocabulary';

export const sessionStateQuerySchema = z.strictObject({
  at: instantSchema.describe('ISO 8601; what happened at that very moment had happened'),
});
export type SessionStateQuery = z.infer<typeof sessionStateQuerySchema>;

/** Figures of a session's `stats` whose records can be listed; in the order in which they are. */
export const provenanceFigures = [
  'messages',
  'prompts',
  'toolCalls',
  'toolErrors',
  'errors',
  'tokens.input',
  'tokens.output',
  'tokens.cacheWrite5m',
  'tokens.cacheWrite1h',
  'tokens.cacheRead',
  'tokens.reasoning',
  'tokens.total',
  'costUsd',
  'reportedCostUsd',
  'screenshots',
  'objectives',
] as const;
export type ProvenanceFigure = (typeof provenanceFigures)[number];

export const provenanceQuerySchema = z.strictObject({
  figure: z.enum(provenanceFigures).optional().describe('Without it: all figures, one after another'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2000).optional(),
});
export type ProvenanceQuery = z.infer<typeof provenanceQuerySchema>;
