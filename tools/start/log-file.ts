import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

/** How many earlier files are kept: `x.log.1` is the newest of them. */
const kept = 3;

/** A program's output in a file; a new file at each start and whenever it gets large. */
export class LogFile {
  private descriptor: number;
  private size = 0;

  constructor(
    private readonly path: string,
    private readonly maxBytes = 10 * 1024 * 1024,
  ) {
    if (existsSync(path) && statSync(path).size > 0) rotate(path);
    this.descriptor = openSync(path, 'a', 0o600);
  }

  line(text: string): void {
    if (this.size > this.maxBytes) this.next();
    try {
      this.size += writeSync(this.descriptor, `${text}\n`);
    } catch {
      // A full disk must not end the supervisor: the services matter more than their log.
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private next(): void {
    closeSync(this.descriptor);
    rotate(this.path);
    this.descriptor = openSync(this.path, 'a', 0o600);
    this.size = 0;
  }
}

function rotate(path: string): void {
  rmSync(`${path}.${kept}`, { force: true });
  for (let n = kept - 1; n >= 1; n--)
    if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  renameSync(path, `${path}.1`);
}
