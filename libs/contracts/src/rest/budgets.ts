import { z } from 'zod';

/** What a budget bounds: what each session or project costs in all, or what is spent in a day or a month. */
export const budgetScopes = ['session', 'project', 'day', 'month'] as const;
export const budgetScopeSchema = z.enum(budgetScopes);
export type BudgetScope = z.infer<typeof budgetScopeSchema>;

export const mostBudgets = 100;
const mostThresholds = 10;

/** Where a budget stands now. */
export const budgetStateSchema = z.object({
  /** Null: something was used, and nothing of it has a price. */
  spentUsd: z.number().nullable(),
  /** Of the limit: 1 is all of it. */
  share: z.number().nullable(),
  /** Some of what was used has no price: more was spent than is told. */
  unpriced: z.boolean(),
  /** Of a budget for each session or project: the dearest one; null: there is none yet. */
  key: z.string().nullable(),
  /** Of a day or month: the present one, `2026-03-01` or `2026-03`, `from` inclusive, `to` not. */
  period: z.object({ key: z.string(), from: z.string(), to: z.string() }).nullable(),
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

const thresholds = z
  .array(z.number().positive().max(10))
  .min(1)
  .max(mostThresholds)
  .refine((given) => given.every((each, index) => index === 0 || each > (given[index - 1] ?? 0)), {
    message: 'thresholds rise: each is above the one before it',
  });

const budgetFields = {
  scope: budgetScopeSchema,
  /** The session's id, or the project's path. Without it: each session, each project; of a day or month: all projects. */
  key: z.string().optional(),
  limitUsd: z.number(),
  /** Shares of the limit at which an alert is raised. */
  thresholds: z.array(z.number()),
  /** IANA; where days and months begin. Only of those. */
  tz: z.string().optional(),
};

export const budgetSchema = z.object({ id: z.string(), ...budgetFields, state: budgetStateSchema });
export type Budget = z.infer<typeof budgetSchema>;

export const budgetListSchema = z.object({ items: z.array(budgetSchema) });
export type BudgetList = z.infer<typeof budgetListSchema>;

const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), { message: 'this is no text' });

/** As `GET` gives it: its `state` is left aside. Without an id it is a new one. */
const budgetInputSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\w-]{1,64}$/, { message: 'an id is up to 64 letters, digits, _ and -' })
      .optional(),
    scope: budgetScopeSchema,
    key: text(2000)
      .nullish()
      .transform((key) => key ?? undefined),
    limitUsd: z.number().positive().max(1e9),
    thresholds: thresholds.default([0.8, 1]),
    tz: z.string().max(100).optional(),
    state: z.unknown().optional(),
  })
  .refine(({ scope, tz }) => tz === undefined || scope === 'day' || scope === 'month', {
    path: ['tz'],
    message: 'only days and months have a time zone',
  });
export type BudgetInput = z.infer<typeof budgetInputSchema>;

export const budgetsPutSchema = z.strictObject({ items: z.array(budgetInputSchema).max(mostBudgets) });
export type BudgetsPut = z.infer<typeof budgetsPutSchema>;
