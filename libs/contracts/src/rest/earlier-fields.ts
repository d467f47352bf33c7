import { z } from 'zod';
import { sessionSchema } from './session';
import { sessionListSchema } from './session-list';
import { summarySchema, type Summary } from './summary';

/**
 * The optimizer dashboard's own names for what a summary says already. Only REST answers carry them: neither stored
 * rows nor deltas.
 */
export const earlierFieldsSchema = z.object({
  projectName: z.string().nullable(),
  startTime: z.string().nullable(),
  /** Milliseconds from the start to the last activity, not to now: it changes only when the session does. */
  duration: z.number().int().nonnegative(),
  /** `stats.costUsd` */
  cost: z.number().nullable(),
});
export type EarlierFields = z.infer<typeof earlierFieldsSchema>;

export const servedSummarySchema = summarySchema.extend(earlierFieldsSchema.shape);
export const servedSessionSchema = sessionSchema.extend(earlierFieldsSchema.shape);
export type ServedSession = z.infer<typeof servedSessionSchema>;
export const servedSessionListSchema = sessionListSchema.extend({ items: z.array(servedSummarySchema) });
export type ServedSessionList = z.infer<typeof servedSessionListSchema>;

/** The same with the names that earlier clients know some of its fields by. */
export function withEarlierFields<T extends Summary>(summary: T): T & EarlierFields {
  const { project, startedAt, lastActivityAt, stats } = summary;
  const elapsed = Date.parse(lastActivityAt ?? '') - Date.parse(startedAt ?? '');
  return {
    ...summary,
    projectName: project?.name ?? null,
    startTime: startedAt,
    duration: elapsed > 0 ? elapsed : 0,
    cost: stats.costUsd,
  };
}
