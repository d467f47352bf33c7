import { logStream } from '../log-stream';

/** Attachments of facts: pictures. Content-addressed, written once. */
export const bytesStreamName = 'BYTES';

export const bytesStream = logStream(bytesStreamName, 'telltale.bytes.>');

/** Every chunk but the last has this size: how many there are, and how long each is, follows from the whole's size. */
export const bytesChunkBytes = 256 * 1024;

/** Nothing larger is stored, whatever a watcher's own limit is. */
export const largestAttachmentBytes = 64 * 1024 * 1024;

/** How many chunks so many bytes are. */
export function chunkCount(bytes: number): number {
  return Math.ceil(bytes / bytesChunkBytes);
}

/** How long the chunk with this number, from 0, of so many bytes is. */
export function chunkLength(bytes: number, chunk: number): number {
  return Math.min(bytesChunkBytes, bytes - chunk * bytesChunkBytes);
}
