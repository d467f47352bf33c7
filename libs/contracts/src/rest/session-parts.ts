import { z } from 'zod';
import { tokensSchema } from '../vocabulary';
import { agentSchema, objectiveSchema, toolUsageSchema } from './session';

export const timelineBuckets = ['minute', 'hour', 'day'] as const;
export const timelineSchema = z.object({
  bucket: z.enum(timelineBuckets),
  points: z.array(
    z.object({
      at: z.string(),
      tokens: tokensSchema,
      costUsd: z.number().nullable(),
      messages: z.number().int(),
      toolCalls: z.number().int(),
    }),
  ),
});
export type Timeline = z.infer<typeof timelineSchema>;

export const toolListSchema = z.object({ items: z.array(toolUsageSchema) });
export const objectiveListSchema = z.object({
  items: z.array(objectiveSchema),
  completed: z.number().int(),
  total: z.number().int(),
});
export const agentListSchema = z.object({ items: z.array(agentSchema) });

/**
 * Where a number came from. `verdict` is `counted`, or says why the record was not: the values of the counted ones sum to
 * the figure (costs as whole pico-dollars, 1e-12 USD).
 */
export const provenanceItemSchema = z.object({
  figure: z.string(),
  value: z.number(),
  file: z.string().nullable(),
  host: z.string().nullable(),
  /** Byte range `[from, to)` of the record's line in the file. */
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  /** The record's own id. Where it has no byte range, that is said behind it. */
  record: z.string().nullable(),
  priceVersion: z.string().nullable(),
  verdict: z.string(),
});
export const provenanceSchema = z.object({
  items: z.array(provenanceItemSchema),
  total: z.number().int(),
  nextCursor: z.string().nullable(),
});
export type ProvenanceItem = z.infer<typeof provenanceItemSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;
