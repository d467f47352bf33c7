import { z } from 'zod';
import type { Tokens } from '../vocabulary';

/** What one request may hold. Characters are UTF-16 units. */
export const pushLimits = {
  bodyBytes: 512 * 1024,
  messages: 100,
  messageCharacters: 100_000,
  idCharacters: 128,
  nameCharacters: 200,
  titleCharacters: 500,
  projectCharacters: 4096,
  /** Of one class of one message. */
  tokens: 1_000_000_000,
} as const;

/** Pushed sessions have a name space of their own: their id is this and the id the client gave. */
export const pushIdPrefix = 'push:';

/** The session's id in Telltale. */
export function pushedSessionId(nativeId: string): string {
  return pushIdPrefix + nativeId;
}

/** A session's id as its client knows it, without `push:`. */
export const pushSessionIdSchema = z
  .string()
  .regex(
    /^(?!push:)[A-Za-z0-9][A-Za-z0-9._~@+=:-]{0,127}$/,
    `An id is 1 to ${pushLimits.idCharacters} letters, digits and . _ ~ @ + = : - and begins with a letter or digit.`,
  );

/** Names a message within its session. Sent again with the same key it is the same message. */
export const pushKeySchema = z
  .string()
  .regex(
    /^[\x21-\x7e]{1,128}$/,
    `A key is 1 to ${pushLimits.idCharacters} visible ASCII characters without blanks.`,
  );

/** Absent fields may be null as well: many languages write what they do not have. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

function text(characters: number) {
  return z.string().min(1).max(characters, `At most ${characters} characters.`);
}

export const pushSessionRequestSchema = z.strictObject({
  session_id: optional(z.string()),
  user: optional(text(pushLimits.nameCharacters)),
  title: optional(text(pushLimits.titleCharacters)),
  /** A path or a name. */
  project: optional(text(pushLimits.projectCharacters)),
  /** Of messages that name none. */
  model: optional(text(pushLimits.nameCharacters)),
  source: optional(z.literal('push')),
});
export type PushSessionRequest = z.infer<typeof pushSessionRequestSchema>;

const tokens = z.number().int().nonnegative().max(pushLimits.tokens);

function sumOf(usage: Omit<Tokens, 'total' | 'reasoning'>): number {
  return usage.input + usage.output + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead;
}

/** Tokens in the classes of every source; what is absent is 0. */
export const pushUsageSchema = z
  .strictObject({
    /** Not read from the cache. */
    input: tokens.default(0),
    /** Reasoning included. */
    output: tokens.default(0),
    cacheWrite5m: tokens.default(0),
    cacheWrite1h: tokens.default(0),
    cacheRead: tokens.default(0),
    reasoning: tokens.default(0),
    total: z.number().optional(),
  })
  .refine((usage) => usage.reasoning <= usage.output, {
    path: ['reasoning'],
    message: 'Output includes reasoning: it cannot be more.',
  })
  .refine((usage) => usage.total === undefined || usage.total === sumOf(usage), {
    path: ['total'],
    message: 'The total is input + output + cacheWrite5m + cacheWrite1h + cacheRead. It may be left out.',
  })
  .transform((usage): Tokens => ({ ...usage, total: sumOf(usage) }));

/** Any JSON whose text is not too long. */
const json = z.unknown().superRefine((value, context) => {
  const problem = jsonProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function jsonProblem(value: unknown): string | undefined {
  try {
    const length = JSON.stringify(value)?.length ?? 0;
    return length > pushLimits.messageCharacters
      ? `At most ${pushLimits.messageCharacters} characters as JSON.`
      : undefined;
  } catch {
    return 'This is nested too deep.'; // RangeError: deeper than the stack
  }
}

const toolFields = z.strictObject({
  name: text(pushLimits.nameCharacters),
  /** Of the call: a call and its result may come in two messages. */
  id: optional(pushKeySchema),
  input: json.optional(),
  result: json.optional(),
  isError: optional(z.boolean()),
  durationMs: optional(
    z
      .number()
      .nonnegative()
      .max(2 ** 31 - 1),
  ),
});

/** A tool call; its name alone will do. */
export const pushToolSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  toolFields,
);

export const pushRoles = ['user', 'assistant', 'tool'] as const;

export const pushMessageSchema = z
  .strictObject({
    message: z
      .string()
      .max(pushLimits.messageCharacters, `At most ${pushLimits.messageCharacters} characters.`),
    role: z.enum(pushRoles).default('user'),
    usage: optional(pushUsageSchema),
    model: optional(text(pushLimits.nameCharacters)),
    tool: optional(pushToolSchema),
    idempotencyKey: optional(pushKeySchema),
  })
  .refine(({ role, message }) => role !== 'user' || message !== '', {
    path: ['message'],
    message: 'A message of a user has a text.',
  })
  .refine(({ role, tool }) => role !== 'tool' || tool !== undefined, {
    path: ['tool'],
    message: 'A message of a tool says which: a name, or {name, id, input, result}.',
  });
export type PushMessage = z.infer<typeof pushMessageSchema>;

export const pushMessagesSchema = z.strictObject({
  messages: z
    .array(pushMessageSchema)
    .min(1)
    .max(pushLimits.messages, `At most ${pushLimits.messages} messages in a request.`),
});

/** One message, or several as `{messages}`. */
export const pushChatRequestSchema = z.union([pushMessageSchema, pushMessagesSchema]);

export const pushEndRequestSchema = z.strictObject({
  status: optional(z.enum(['completed', 'failed'])),
  reason: optional(text(pushLimits.titleCharacters)),
});
export type PushEndRequest = z.infer<typeof pushEndRequestSchema>;

/** `session_id` is the client's own, `id` is the one of every other route. */
export const pushedSchema = z.object({ session_id: z.string(), id: z.string() });
export type Pushed = z.infer<typeof pushedSchema>;

export const pushedChatSchema = pushedSchema.extend({ accepted: z.number().int() });
export type PushedChat = z.infer<typeof pushedChatSchema>;
