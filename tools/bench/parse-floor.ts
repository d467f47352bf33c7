import { openSync, readSync, closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The floor of a backfill: a bare loop that reads every file and parses every line. Nothing is kept, counted, sent
 * or stored. Returns seconds.
 */
export function parseEveryLine(root: string): number {
  const start = performance.now();
  const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) parseFile(join(entry.parentPath, entry.name), buffer);
  }
  return (performance.now() - start) / 1000;
}

function parseFile(path: string, buffer: Buffer): void {
  const file = openSync(path, 'r');
  let kept = 0;
  for (;;) {
    const read = readSync(file, buffer, kept, buffer.length - kept, null);
    if (read === 0) break;
    const end = kept + read;
    let from = 0;
    for (
      let newline = buffer.indexOf(10, from);
      newline !== -1 && newline < end;
      newline = buffer.indexOf(10, from)
    ) {
      JSON.parse(buffer.toString('utf8', from, newline));
      from = newline + 1;
    }
    buffer.copy(buffer, 0, from, end);
    kept = end - from;
  }
  closeSync(file);
}
