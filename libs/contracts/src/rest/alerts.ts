import { z } from 'zod';
import { budgetScopeSchema } from './budgets';

/** What may be told of; the last token of the subject `telltale.alerts.<kind>`. */
export const alertKinds = ['budget'] as const;

const alertFields = {
  id: z.string(),
  at: z.string(),
  /** The session it is about, where it is about one. */
  sessionId: z.string().optional(),
  /** A sentence in English; plain text. */
  message: z.string(),
};

/** A budget's threshold was reached. */
export const budgetAlertSchema = z.object({
  ...alertFields,
  kind: z.literal('budget'),
  data: z.object({
    budgetId: z.string(),
    scope: budgetScopeSchema,
    /** The session's id or the project's path; absent: all projects. */
    key: z.string().optional(),
    limitUsd: z.number(),
    /** The highest share of the limit that was reached. */
    threshold: z.number(),
    /** When it was noticed. */
    spentUsd: z.number(),
    share: z.number(),
    /** Some of what was used has no price: more was spent than is told. */
    unpriced: z.boolean(),
    /** Of a day or month. */
    period: z.object({ key: z.string(), from: z.string(), to: z.string(), tz: z.string() }).optional(),
  }),
});

export const alertSchema = z.discriminatedUnion('kind', [budgetAlertSchema]);
export type Alert = z.infer<typeof alertSchema>;
/** An alert that is to be raised. */
export type NewAlert = Omit<Alert, 'id' | 'at'>;

/** CloudEvents type of an alert on NATS. */
export const alertRaisedType = 'telltale.alert.raised.v1';

export const alertQuerySchema = z.strictObject({
  kind: z.enum(alertKinds).optional(),
  sessionId: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});
export type AlertQuery = z.infer<typeof alertQuerySchema>;

export const alertListSchema = z.object({ items: z.array(alertSchema), nextCursor: z.string().nullable() });
export type AlertList = z.infer<typeof alertListSchema>;
