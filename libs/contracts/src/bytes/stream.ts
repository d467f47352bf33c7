/** Attachments of facts: pictures. Content-addressed, written once. */
export const bytesStreamName = 'BYTES';

/**
 * How the BYTES stream is made. Like the log it allows no rollup headers, message TTL or schedules, and has no limits
 * by default.
 */
export const bytesStream = {
  name: bytesStreamName,
  subjects: ['telltale.bytes.>'],
  storage: 'file',
  retention: 'limits',
  discard: 'old',
  compression: 's2',
  allow_direct: true,
  allow_rollup_hdrs: false,
  allow_msg_ttl: false,
  max_msgs: -1,
  max_bytes: -1,
  max_age: 0,
  max_msg_size: 1024 * 1024,
} as const;

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
