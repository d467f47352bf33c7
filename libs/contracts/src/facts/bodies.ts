import { z } from 'zod';

/** `file.appended` carries the file's own bytes, whole lines (or one part of a long one). */
export const appendedContentType = 'application/x-ndjson';

/** `file.replaced`: the document elements whose content changed. `null` says an element is gone. */
export const fileReplacedBodySchema = z.object({ elements: z.record(z.string(), z.unknown()) });
export type FileReplacedBody = z.infer<typeof fileReplacedBodySchema>;

/** `file.renamed`: the path it had before; the attributes carry the new one. */
export const fileRenamedBodySchema = z.object({ from: z.string() });
export type FileRenamedBody = z.infer<typeof fileRenamedBodySchema>;

/** `file.removed`: nothing to add to the attributes. */
export const fileRemovedBodySchema = z.object({});
