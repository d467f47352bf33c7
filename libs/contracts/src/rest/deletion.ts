import { z } from 'zod';

/** A session that will be gone: the command is in the log. */
export const deletionSchema = z.object({ id: z.string() });
export type Deletion = z.infer<typeof deletionSchema>;
