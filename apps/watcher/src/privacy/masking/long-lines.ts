import type { ContentMode } from '@telltale/contracts';
import type { SecretSearch } from '../secrets/secret-search';
import type { Masked } from './masked';
import { aroundBytes, PartMasker } from './part-masker';

/** A part of a line that is longer than a fact, as it was read. */
export interface LinePart {
  /** Tells this line from others of its file: its generation and where it begins. */
  readonly line: string;
  /** Where the part begins in the line. */
  readonly offset: number;
  readonly length: number;
  /** Bytes of the line around the part, {@link aroundBytes} on both sides where there are so many. */
  readonly around: Uint8Array;
  /** Where the part begins in them. */
  readonly at: number;
}

/** Bytes `[from, to)` of the line. */
export type ReadLine = (from: number, to: number) => Promise<Uint8Array>;

const pieceBytes = 256 * 1024;

/**
 * Masks the parts of long lines, each in the light of all that stands before it in its line. What was decided up to
 * the last part is remembered; without that (after a restart) the line is read again up to where it goes on.
 */
export class LongLines<File extends object> {
  private readonly lines = new WeakMap<File, { readonly line: string; readonly masker: PartMasker }>();

  constructor(
    private readonly search: SecretSearch,
    private readonly mode: ContentMode,
  ) {}

  async mask(file: File, part: LinePart, read: ReadLine): Promise<Masked> {
    const masker = await this.maskerAt(file, part, read);
    this.lines.set(file, { line: part.line, masker });
    return masker.next(...clipped(part));
  }

  private async maskerAt(file: File, { line, offset }: LinePart, read: ReadLine): Promise<PartMasker> {
    const known = this.lines.get(file);
    if (known?.line === line && known.masker.offset === offset) return known.masker;
    const masker = new PartMasker(this.search, this.mode);
    for (let from = 0; from < offset; from += pieceBytes) {
      const first = Math.max(0, from - aroundBytes);
      const to = Math.min(offset, from + pieceBytes);
      const around = await read(first, to + aroundBytes);
      masker.next(around, [from - first, to - first]);
    }
    return masker;
  }
}

function clipped({ around, at, length }: LinePart): [Uint8Array, [number, number]] {
  const first = Math.max(0, at - aroundBytes);
  return [around.subarray(first, at + length + aroundBytes), [at - first, at - first + length]];
}
