import { z } from 'zod';

/** Nest's NATS request pattern: every ingest replica answers with its status. */
export const ingestStatusPattern = 'telltale.requests.ingest.status';

export const latencySchema = z.object({ p50: z.number().nullable(), p99: z.number().nullable() });
export const serviceStatusSchema = z.object({
  name: z.string(),
  instance: z.string(),
  version: z.string(),
  startedAt: z.string(),
  pid: z.number().int(),
  rssBytes: z.number(),
  rates: z.object({ factsPerS: z.number(), bytesPerS: z.number(), deltasPerS: z.number() }).optional(),
  latencyMs: z
    .object({
      appendToFact: latencySchema,
      factToCommit: latencySchema,
      commitToEmit: latencySchema,
      appendToEmit: latencySchema,
    })
    .optional(),
});
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;
export type Latency = z.infer<typeof latencySchema>;
