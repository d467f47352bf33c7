import { open, type FileHandle } from 'node:fs/promises';
import { isAbsent } from './error-code';

const newline = 0x0a;
const searchChunkBytes = 256 * 1024;

/** Undefined where there is no such file (any more). @throws any other error of the file system */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Up to `length` bytes from `position` on; fewer where the file ends before. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? buffer : buffer.subarray(0, filled);
}

/** The offset behind the first newline in `[from, to)`, in bounded memory however far it is; undefined where there is none. */
export async function findLineEnd(handle: FileHandle, from: number, to: number): Promise<number | undefined> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(searchChunkBytes, to - from)));
  for (let position = from; position < to;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, to - position), position);
    if (bytesRead === 0) return undefined;
    const at = buffer.subarray(0, bytesRead).indexOf(newline);
    if (at >= 0) return position + at + 1;
    position += bytesRead;
  }
  return undefined;
}
