import type { PartState } from './next-cut';

/** What the next fact carries. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly part: PartState | undefined;
  /** Of a part: its line, in which it begins at `at`. */
  readonly around?: { readonly bytes: Uint8Array; readonly at: number };
  /** All that was pending is in it. */
  readonly last: boolean;
}

/**
 * Lines that wait to be published, cut into facts: whole lines while they fit, a longer one in parts. What was taken
 * is taken again until it is said to be stored.
 */
export class PendingLines {
  private part: PartState | undefined;
  /** Lines that the slice taken last holds whole. */
  private whole = 0;

  /** @param lines each with its newline; the array is emptied as they are stored */
  constructor(private readonly lines: Uint8Array[]) {}

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /** @param room bytes a fact carries at most */
  take(room: number): Slice | undefined {
    const [first] = this.lines;
    if (first === undefined) return undefined;
    if (this.part !== undefined || first.length > room) return this.takePart(first, room);
    let bytes = 0;
    let count = 0;
    for (const line of this.lines) {
      if (bytes + line.length > room) break;
      bytes += line.length;
      count += 1;
    }
    this.whole = count;
    return {
      bytes: Buffer.concat(this.lines.slice(0, count)),
      part: undefined,
      last: count === this.lines.length,
    };
  }

  stored({ part }: Pick<Slice, 'part'>): void {
    this.part = part !== undefined && part.k < part.n ? part : undefined;
    if (part === undefined) this.lines.splice(0, this.whole);
    else if (part.k === part.n) this.lines.splice(0, 1);
  }

  private takePart(line: Uint8Array, room: number): Slice {
    const size = this.part?.size ?? room;
    const n = Math.ceil(line.length / size);
    const k = (this.part?.k ?? 0) + 1;
    return {
      bytes: line.subarray((k - 1) * size, Math.min(line.length, k * size)),
      part: { k, n, size },
      around: { bytes: line, at: (k - 1) * size },
      last: k === n && this.lines.length === 1,
    };
  }
}
