import { SetMetadata } from '@nestjs/common';

export const memoryKey = 'telltale:memory';

/** What most answers take at most while they are made: rows, objects, text. */
export const usualBytes = 512 * 1024;

/**
 * What an answer of this route takes while it is made, long texts and the like aside. Bytes; default {@link usualBytes}, and
 * 0 for what must never wait.
 */
export const NeedsMemory = (bytes: number) => SetMetadata(memoryKey, bytes);
