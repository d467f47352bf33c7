import { work } from '../status/work';
import type { OpenedFile } from './opened-file';

const newline = 0x0a;
const searchChunkBytes = 256 * 1024;

/** Up to `length` bytes from `position` on; fewer where the file ends before. */
export async function readAt(file: OpenedFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const bytesRead = await file.read(buffer.subarray(filled), position + filled);
    if (bytesRead === 0) break;
    work.bytesRead += bytesRead;
    filled += bytesRead;
  }
  return filled === length ? buffer : buffer.subarray(0, filled);
}

/** The offset behind the first newline in `[from, to)`, in bounded memory however far it is; undefined where there is none. */
export async function findLineEnd(file: OpenedFile, from: number, to: number): Promise<number | undefined> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(searchChunkBytes, to - from)));
  for (let position = from; position < to;) {
    const chunk = buffer.subarray(0, Math.min(buffer.length, to - position));
    const bytesRead = await file.read(chunk, position);
    if (bytesRead === 0) return undefined;
    work.bytesRead += bytesRead;
    const at = chunk.subarray(0, bytesRead).indexOf(newline);
    if (at >= 0) return position + at + 1;
    position += bytesRead;
  }
  return undefined;
}
