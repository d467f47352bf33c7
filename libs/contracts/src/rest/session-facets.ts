import { z } from 'zod';
import { sourceSchema, statusSchema } from '../vocabulary';
import { sessionListQuerySchema } from './session-list';

/** The list's own filters: which sessions are counted. */
export const sessionFacetsQuerySchema = sessionListQuerySchema.omit({
  sort: true,
  limit: true,
  cursor: true,
});
export type SessionFacetsQuery = z.infer<typeof sessionFacetsQuerySchema>;

const count = z.number().int().nonnegative();

/**
 * How many sessions each choice of a filter would show: a facet is counted under all the other filters, not under
 * its own. Only what is there is named. The most frequent first.
 */
export const sessionFacetsSchema = z.object({
  source: z.array(z.object({ key: sourceSchema, count })),
  host: z.array(z.object({ key: z.string(), count })),
  status: z.array(z.object({ key: statusSchema, count })),
});
export type SessionFacets = z.infer<typeof sessionFacetsSchema>;
