import { z } from 'zod';
import { tokensSchema } from '../vocabulary';

export const messageKinds = ['prompt', 'assistant', 'tool', 'error'] as const;
export const messageKindSchema = z.enum(messageKinds);
export type MessageKind = z.infer<typeof messageKindSchema>;

export const messageSchema = z.object({
  id: z.string(),
  author: z.enum(['user', 'assistant', 'tool', 'system']),
  kind: messageKindSchema,
  at: z.string().nullable(),
  agentId: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
  /** The whole text, read from the log; the preview where the log no longer holds it. */
  text: z.string(),
  /** Up to 2 KiB. */
  preview: z.string(),
  tool: z
    .object({
      name: z.string(),
      input: z.string().nullable(),
      result: z.string().nullable(),
      isError: z.boolean(),
      durationMs: z.number().nullable(),
    })
    .optional(),
  tokens: tokensSchema.optional(),
  costUsd: z.number().nullable().optional(),
  images: z.array(z.object({ mediaType: z.string(), url: z.string() })),
});
export type Message = z.infer<typeof messageSchema>;

export const messageListSchema = z.object({
  items: z.array(messageSchema),
  total: z.number().int(),
  nextCursor: z.string().nullable(),
});
export type MessageList = z.infer<typeof messageListSchema>;
