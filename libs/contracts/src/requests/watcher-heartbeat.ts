import { z } from 'zod';
import { subjectToken } from '../facts/subjects';

/** A watcher says it lives on core NATS, at most once, never as a fact. */
export const watcherHeartbeatSubjects = 'telltale.heartbeat.watcher.*';
/** Where the watcher of a host says that it lives. */
export function watcherHeartbeatSubject(host: string): string {
  return `telltale.heartbeat.watcher.${subjectToken(host)}`;
}
/** Ingest says how far it lags, so that watchers hold the backlog back: published on change, at most every 250 ms. */
export const ingestLagSubject = 'telltale.heartbeat.ingest.lag';
export const ingestLagSchema = z.object({ lagBytes: z.number().nonnegative(), at: z.string() });
export type IngestLag = z.infer<typeof ingestLagSchema>;
/** The backlog is published only while ingest lags less than this. */
export const backlogLagLimitBytes = 32 * 1024 * 1024;

/** How much of what people and tools said leaves a host: all of it, the beginning of each text, or none. */
export const contentModes = ['full', 'preview', 'none'] as const;
export const contentModeSchema = z.enum(contentModes);
export type ContentMode = z.infer<typeof contentModeSchema>;

/** Secrets masked before publishing since the watcher began, by the rule that found them. */
export const redactedSchema = z.object({
  total: z.number().int(),
  byRule: z.record(z.string(), z.number().int()),
});

/** What a watcher does for the privacy of its host; absent in what older ones say. */
export const watcherPrivacySchema = z.object({
  content: contentModeSchema.optional(),
  /** Which rules mask secrets, with their version; `off`: only what tells of the account is masked. */
  redaction: z.string().optional(),
  redacted: redactedSchema.optional(),
});

export const watcherHeartbeatSchema = z.object({
  host: z.string(),
  version: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
  roots: z.array(z.object({ source: z.string(), path: z.string(), present: z.boolean() })),
  files: z.number().int(),
  /** Bytes that lie in watched files and are not in the log yet. */
  bytesBehind: z.number(),
  /** Bytes of the first backfill, for its progress. */
  backfill: z.object({ totalBytes: z.number(), doneBytes: z.number(), done: z.boolean() }),
  ...watcherPrivacySchema.shape,
  at: z.string(),
});
export type WatcherHeartbeat = z.infer<typeof watcherHeartbeatSchema>;
export const heartbeatIntervalMs = 2000;
