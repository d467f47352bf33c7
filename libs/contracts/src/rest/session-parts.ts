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

/** Where a number came from. `verdict` says whether the record counted, and why not. */
export const provenanceItemSchema = z.object({
  figure: z.string(),
  value: z.number(),
  file: z.string().nullable(),
  host: z.string().nullable(),
  /** Byte range `[from, to)` of the record's line in the file. */
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  record: z.string().nullable(),
  priceVersion: z.string().nullable(),
  verdict: z.string(),
});
export const provenanceSchema = z.object({ items: z.array(provenanceItemSchema) });
export type Provenance = z.infer<typeof provenanceSchema>;
