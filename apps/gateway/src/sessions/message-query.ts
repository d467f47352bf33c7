import { messageKindSchema } from '@telltale/contracts';
import { z } from 'zod';

/**
 * Pages of a session's feed, oldest first within the page. Without `after` and `before`: from its start.
 * `before=end`: its newest messages. Both take a cursor or the id of a message.
 */
export const messageQuerySchema = z.strictObject({
  after: z.string().min(1).max(2000).optional(),
  before: z.string().min(1).max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  kind: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(messageKindSchema))
    .optional(),
  /** A subagent's id; `main` for what no subagent did. */
  agent: z.string().min(1).max(300).optional(),
  q: z.string().max(500).optional(),
});
export type MessageQuery = z.infer<typeof messageQuerySchema>;
