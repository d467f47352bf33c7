import { z } from 'zod';
import { largestAttachmentBytes } from './stream';

/** What a picture may be; told by its bytes, not by its name. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type PictureType = (typeof pictureTypes)[number];

const pixels = z.number().int().positive().max(1_000_000).nullable();

/** The line of `attachment.added`: bytes that lie in the BYTES stream, under the host the fact came from. */
export const attachmentLineSchema = z.object({
  /** The file's name without its folder. */
  filename: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.enum(pictureTypes),
  bytes: z.number().int().positive().max(largestAttachmentBytes),
  width: pixels,
  height: pixels,
  /** When the file was written last: epoch milliseconds. */
  modifiedAt: z.number().nonnegative(),
});
export type AttachmentLine = z.infer<typeof attachmentLineSchema>;

/** Why a picture's bytes were left out. */
export const refusals = ['too-large', 'not-an-image'] as const;

/** The `value` of an element line in place of an attachment's: the file is there, its bytes were left out. */
export const refusedAttachmentSchema = z.object({
  filename: z.string().min(1),
  refused: z.enum(refusals),
  bytes: z.number().int().nonnegative(),
  /** The watcher's limit. */
  limitBytes: z.number().int().positive(),
  modifiedAt: z.number().nonnegative(),
});
export type RefusedAttachment = z.infer<typeof refusedAttachmentSchema>;
