import { z } from 'zod';
import { messageSchema } from './message';
import { sessionSchema } from './session';
import { sessionListQuerySchema } from './session-list';

export const sessionExportFormats = ['json', 'csv', 'md', 'pdf'] as const;
export const sessionExportQuerySchema = z.strictObject({ format: z.enum(sessionExportFormats) });
export type SessionExportFormat = (typeof sessionExportFormats)[number];

export const listExportFormats = ['csv', 'ndjson'] as const;
/** The list's filters and its sort; all of it comes, not a page. */
export const listExportQuerySchema = sessionListQuerySchema
  .omit({ limit: true, cursor: true })
  .extend({ format: z.enum(listExportFormats) });
export type ListExportQuery = z.infer<typeof listExportQuerySchema>;

/** The JSON file of one session. */
export const sessionExportSchema = z.object({
  session: sessionSchema,
  messages: z.array(messageSchema),
});
export type SessionExport = z.infer<typeof sessionExportSchema>;
