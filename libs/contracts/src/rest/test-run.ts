import { z } from 'zod';

const score = z.number().nullable();

export const testIssueSchema = z.object({
  type: z.string(),
  description: z.string(),
  at: z.string().nullable(),
  actionIndex: z.number().int().nullable(),
});
export type TestIssue = z.infer<typeof testIssueSchema>;

export const testActionSchema = z.object({
  index: z.number().int(),
  action: z.string(),
  target: z.string().nullable(),
  key: z.string().nullable(),
  at: z.string().nullable(),
  durationMs: z.number().nullable(),
  success: z.boolean().nullable(),
});
export type TestAction = z.infer<typeof testActionSchema>;

/** What a UI test run says of itself in its `output.json`. */
export const testReportSchema = z.object({
  url: z.string().nullable(),
  configPath: z.string().nullable(),
  result: z.enum(['running', 'pass', 'fail']),
  durationMs: z.number().nullable(),
  /** When it ended, by its own account; null or absent while it runs. */
  endedAt: z.string().nullable().optional(),
  /** 0 to 1. */
  playability: score,
  /** By name as written: `heuristic_score`, `llm_score`, `final_score`. */
  scores: z.record(z.string(), z.number()),
  issues: z.array(testIssueSchema),
  actions: z.array(testActionSchema),
  /** How often each way to act was used: `cua`, `dom`, `none`. */
  methods: z.record(z.string(), z.number()),
  llm: z
    .object({
      calls: z.number().int(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      estimatedCostUsd: score,
    })
    .nullable(),
  /** What the run says of its pictures, by file name. */
  pictures: z.record(
    z.string(),
    z.object({ label: z.string().nullable(), at: z.string().nullable(), step: z.number().int().nullable() }),
  ),
});
export type TestReport = z.infer<typeof testReportSchema>;

export const screenshotSchema = z.object({
  id: z.string(),
  filename: z.string(),
  label: z.string().nullable(),
  at: z.string().nullable(),
  step: z.number().int().nullable(),
  bytes: z.number().int(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  url: z.string(),
});
export type Screenshot = z.infer<typeof screenshotSchema>;

export const screenshotListSchema = z.object({ items: z.array(screenshotSchema) });
export type ScreenshotList = z.infer<typeof screenshotListSchema>;
