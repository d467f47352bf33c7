import { z } from 'zod';
import { sourceSchema } from '../vocabulary';

/** In place of a file's path, the command to delete a session names it; of a pushed one it goes on its own subject. */
export const deletedPathPrefix = 'deleted:';

/**
 * The line of `session.deleted`: a session is to be gone for ever. The fact is the command itself where it stands on a
 * subject of the source `push`, which only the gateway writes. On a file's subject ingest says by it what became of the
 * file's earlier facts: see {@link tombstoneScopes}.
 */
export const sessionDeletedLineSchema = z.object({
  kind: z.literal('deleted'),
  session: z.string().min(1),
  source: sourceSchema,
  at: z.iso.datetime(),
  /** Of a tombstone: all deleted sessions that the file told of. */
  sessions: z.array(z.string().min(1)).optional(),
});
export type SessionDeletedLine = z.infer<typeof sessionDeletedLineSchema>;

/**
 * `file`: all earlier facts of the file are gone, and none is wanted any more. `shared`: the file tells of other sessions
 * too; what told of the deleted one alone is gone.
 */
export const tombstoneScopes = ['file', 'shared'] as const;
export type TombstoneScope = (typeof tombstoneScopes)[number];
