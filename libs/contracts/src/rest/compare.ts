import { z } from 'zod';
import { summarySchema } from './summary';

const id = z.string().min(1).max(400);

/** `ids=a,b` or, for ids that hold a comma, `ids=a&ids=b`: two to four sessions, in the order they shall stand in. */
export const compareQuerySchema = z.strictObject({
  ids: z
    .union([z.string().max(2000), z.array(z.string()).max(4)])
    .transform((ids) => (typeof ids === 'string' ? ids.split(',') : ids))
    .pipe(
      z
        .array(id)
        .min(2, 'Name two to four sessions.')
        .max(4, 'Name two to four sessions.')
        .refine((ids) => new Set(ids).size === ids.length, 'A session is named twice.'),
    ),
});
export type CompareQuery = z.infer<typeof compareQuerySchema>;

/** What sessions are compared by. Times are milliseconds, money US dollars, shares 0 to 1. */
export const comparedFigures = [
  'messages',
  'prompts',
  'toolCalls',
  'toolErrors',
  'toolErrorShare',
  'errors',
  'screenshots',
  'objectivesCompleted',
  'objectivesTotal',
  'objectivesCompletedShare',
  'inputTokens',
  'outputTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'cacheReadTokens',
  'reasoningTokens',
  'totalTokens',
  'cacheHitShare',
  'tokensPerMessage',
  'costUsd',
  'costUsdPerMessage',
  'reportedCostUsd',
  'elapsedMs',
] as const;
export const comparedFigureSchema = z.enum(comparedFigures);
export type ComparedFigure = z.infer<typeof comparedFigureSchema>;

export const comparedRowSchema = z.object({
  figure: comparedFigureSchema,
  /** In the order of the sessions; null where it is not known. */
  values: z.array(z.number().nullable()),
  /** The place of the session that did better than every other; null where none did, or where no way is better. */
  best: z.number().int().nullable(),
});
export type ComparedRow = z.infer<typeof comparedRowSchema>;

export const comparisonSchema = z.object({
  sessions: z.array(summarySchema),
  rows: z.array(comparedRowSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;
