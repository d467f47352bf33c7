import { z } from 'zod';
import { sourceSchema, statusSchema } from '../vocabulary';
import { summarySchema } from './summary';
import { utcTimeFilterSchema } from './time-filter';

export const sessionSorts = ['lastActivityAt', 'startedAt', 'costUsd', 'tokens'] as const;
const sortSchema = z.enum([...sessionSorts, ...sessionSorts.map((s) => `-${s}` as const)] as [
  string,
  ...string[],
]);

export const sessionListQuerySchema = z.strictObject({
  source: sourceSchema.optional(),
  host: z.string().max(300).optional(),
  project: z.string().max(2000).optional(),
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.union([statusSchema, z.literal('active')])))
    .optional(),
  model: z.string().max(300).optional(),
  user: z.string().max(300).optional(),
  /** The child sessions of this one. */
  parent: z.string().max(400).optional(),
  q: z.string().max(500).optional(),
  from: utcTimeFilterSchema.optional(),
  to: utcTimeFilterSchema.optional(),
  archived: z.enum(['true', 'false']).optional(),
  sort: sortSchema.default('-lastActivityAt'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});
export type SessionListQuery = z.infer<typeof sessionListQuerySchema>;

export const sessionListSchema = z.object({
  items: z.array(summarySchema),
  total: z.number().int(),
  nextCursor: z.string().nullable(),
  revision: z.string(),
});
export type SessionList = z.infer<typeof sessionListSchema>;
