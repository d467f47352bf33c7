import { z } from 'zod';

const epochMs = z.number().int();

/** A Claude Code or OpenCode session as the session home page knew it. */
export const sessionDataSchema = z.strictObject({
  id: z.string(),
  /** The tool's own id. */
  sessionId: z.string(),
  /** Empty where there is none, as `directory` and `firstPrompt`. */
  title: z.string(),
  directory: z.string(),
  projectPath: z.string(),
  /** Up to 2 KiB of it. */
  firstPrompt: z.string(),
  messageCount: z.number().int(),
  createdAt: epochMs,
  updatedAt: epochMs,
  created: z.iso.datetime(),
  modified: z.iso.datetime(),
  gitBranch: z.string().optional(),
  /** A session that another one started. */
  isSidechain: z.boolean(),
});
export type SessionData = z.infer<typeof sessionDataSchema>;

export const sessionDataListSchema = z.array(sessionDataSchema);

export const claudeSessionsFrameTypes = [
  'init',
  'session-created',
  'session-updated',
  'session-deleted',
  'refresh',
  'keepalive',
] as const;
export type ClaudeSessionsFrameType = (typeof claudeSessionsFrameTypes)[number];

/**
 * A frame of `GET /api/claude-sessions/stream`. `init` and `refresh` hold all sessions, `keepalive` none, the others
 * those that changed.
 */
export const claudeSessionsFrameSchema = z.strictObject({
  type: z.enum(claudeSessionsFrameTypes),
  sessions: sessionDataListSchema,
  timestamp: epochMs,
});

export const refreshedSchema = z.strictObject({ success: z.literal(true) });
export type Refreshed = z.infer<typeof refreshedSchema>;

/** Every gateway hears here that somebody asked for a refresh. */
export const claudeSessionsRefreshSubject = 'telltale.control.claude-sessions.refresh';
