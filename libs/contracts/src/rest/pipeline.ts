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

/** What waits is counted up to here: to count it all would cost those who wait. */
export const mostCounted = 100_000;

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
  /** The search's own projection, which follows behind. */
  search: z.object({
    /** Changes of sessions, commit by commit, that are shown and not found yet; up to 100,000. */
    behind: z.number().int(),
    /** When it last read some; null before that. */
    movedAt: z.string().nullable(),
  }),
  /** Deletions whose command was read, and that are under way. */
  deletions: z.object({
    /** Files in the log with facts that are still to be erased; up to 100,000. */
    files: z.number().int(),
    /** Deleted sessions that shared what others do not count yet; up to 100,000. */
    sessions: z.number().int(),
  }),
  storage: z.object({ log: z.number(), objects: z.number(), database: z.number() }),
});
export type Pipeline = z.infer<typeof pipelineSchema>;
