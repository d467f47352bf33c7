import { z } from 'zod';
import { latencySchema, serviceStatusSchema } from '../requests/service-status';
import { watcherHeartbeatSchema, watcherPrivacySchema } from '../requests/watcher-heartbeat';

/** A host, and what its watcher said last. */
export const hostSchema = z.object({
  host: z.string(),
  version: z.string(),
  roots: watcherHeartbeatSchema.shape.roots,
  files: z.number().int(),
  bytesBehind: z.number(),
  backfill: watcherHeartbeatSchema.shape.backfill,
  ...watcherPrivacySchema.shape,
  lastSeenAt: z.string(),
  /** Not heard for so long that it is away; what it said last stands here. */
  silent: z.boolean(),
});

export const hostListSchema = z.object({ items: z.array(hostSchema) });
export type HostList = z.infer<typeof hostListSchema>;

export const pipelineSchema = z.object({
  services: z.array(serviceStatusSchema),
  watchers: z.array(hostSchema),
  partitions: z.array(
    z.object({
      partition: z.number().int(),
      owner: z.string().nullable(),
      sequence: z.number().int(),
      lag: z.number().int(),
    }),
  ),
  rates: z.object({ factsPerS: z.number(), bytesPerS: z.number(), deltasPerS: z.number() }),
  latencyMs: z.object({
    appendToFact: latencySchema,
    factToCommit: latencySchema,
    commitToEmit: latencySchema,
    appendToEmit: latencySchema,
  }),
  caughtUp: z.boolean(),
  quarantined: z.number().int(),
  storage: z.object({ log: z.number(), objects: z.number(), database: z.number() }),
});
export type Pipeline = z.infer<typeof pipelineSchema>;
