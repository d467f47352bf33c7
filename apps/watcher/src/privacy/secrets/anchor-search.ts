import { commonPairs } from './common-pairs';

/** Bytes that every match of a rule holds: found quickly, they say where to look closely. */
export interface Anchor {
  /** ASCII: four characters at least, or one alone. */
  readonly text: string;
  /** Letters match in either case. */
  readonly anyCase?: boolean;
}

export type FoundAnchor = (anchor: number, at: number) => void;

interface Candidate {
  readonly index: number;
  /** Where the window of four bytes that led here stands in the anchor. */
  readonly offset: number;
  /** The anchor's bytes, and what is or-ed to a byte of the text before they are compared. */
  readonly code: Uint8Array;
  readonly fold: Uint8Array;
}

/** A window of four bytes has two triples in a row: of two positions in a row, one is looked at. */
const stride = 2;
const windowBytes = stride + 2;
const caseBit = 0x20;
const hashSize = 1 << 18;

/**
 * Finds many anchors in one pass over every second triple of bytes, not much slower than a loop that only looks at each
 * byte: of each anchor the four bytes are searched that are met least often by chance.
 */
export class AnchorSearch {
  /** For each hash of three bytes the places in a window where they stand, as bits. */
  private readonly offsetsOf = new Uint8Array(hashSize);
  /** Whether a window with this hash belongs to an anchor. */
  private readonly hashes = new Uint8Array(hashSize);
  private readonly windows = new Map<number, Candidate[]>();
  private readonly single: readonly { readonly index: number; readonly byte: number }[];

  constructor(anchors: readonly Anchor[]) {
    this.single = anchors.flatMap(({ text }, index) =>
      text.length === 1 ? [{ index, byte: text.charCodeAt(0) }] : [],
    );
    anchors.forEach((anchor, index) => {
      if (anchor.text.length >= windowBytes) this.enter(anchor, index);
    });
  }

  /** Every anchor that lies wholly in `[from, to)`, by its place in the list and where it begins; in no order. */
  search(bytes: Uint8Array, from: number, to: number, found: FoundAnchor): void {
    const { offsetsOf } = this;
    for (
      let i = nextTriple(bytes, from, to, offsetsOf);
      i >= 0;
      i = nextTriple(bytes, i + stride, to, offsetsOf)
    ) {
      const offsets =
        offsetsOf[tripleOf(bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number)] ?? 0;
      if ((offsets & 1) !== 0) this.look(bytes, i, to, found);
      if ((offsets & 2) !== 0 && i - 1 >= from) this.look(bytes, i - 1, to, found);
    }
    for (const { index, byte } of this.single) {
      const part = bytes.subarray(from, to);
      for (let at = part.indexOf(byte); at >= 0; at = part.indexOf(byte, at + 1)) found(index, from + at);
    }
  }

  /** Whether the window at `at` belongs to an anchor. */
  private look(bytes: Uint8Array, at: number, to: number, found: FoundAnchor): void {
    if (at + windowBytes > to) return;
    const window =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    if (this.hashes[hashOf(window)] === 0) return;
    for (const candidate of this.windows.get(window) ?? []) {
      const begin = at - candidate.offset;
      if (begin >= 0 && isAt(bytes, begin, candidate, to)) found(candidate.index, begin);
    }
  }

  private enter({ text, anyCase = false }: Anchor, index: number): void {
    const code = Uint8Array.from(Buffer.from(anyCase ? text.toLowerCase() : text, 'latin1'));
    const fold = code.map((byte) => (anyCase && isSmallLetter(byte) ? caseBit : 0));
    const offset = rarestWindow(text.toLowerCase());
    for (const form of formsOf(text.slice(offset, offset + windowBytes), anyCase)) {
      const window = Buffer.from(form, 'latin1').readInt32LE();
      this.hashes[hashOf(window)] = 1;
      this.windows.set(window, [...(this.windows.get(window) ?? []), { index, offset, code, fold }]);
      for (let i = 0; i < stride; i++) {
        const triple = tripleOf(form.charCodeAt(i), form.charCodeAt(i + 1), form.charCodeAt(i + 2));
        this.offsetsOf[triple] = (this.offsetsOf[triple] ?? 0) | (1 << i);
      }
    }
  }
}

/** Where, from `from` on in steps, three bytes stand that an anchor may hold; -1: nowhere. All time is spent here. */
function nextTriple(bytes: Uint8Array, from: number, to: number, offsetsOf: Uint8Array): number {
  for (let i = from; i + 2 < to; i += stride)
    if (offsetsOf[tripleOf(bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number)] !== 0)
      return i;
  return -1;
}

function tripleOf(first: number, second: number, third: number): number {
  return ((first & 0x3f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
}

function hashOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 16;
}

function isAt(bytes: Uint8Array, at: number, { code, fold }: Candidate, to: number): boolean {
  if (at + code.length > to) return false;
  for (let i = 0; i < code.length; i++) {
    if (((bytes[at + i] as number) | (fold[i] as number)) !== code[i]) return false;
  }
  return true;
}

function isSmallLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

/** All ways to write a text, where case does not matter. */
function formsOf(text: string, anyCase: boolean): string[] {
  if (!anyCase) return [text];
  return text
    .split('')
    .reduce<string[]>(
      (forms, character) =>
        [...new Set([character.toLowerCase(), character.toUpperCase()])].flatMap((form) =>
          forms.map((before) => before + form),
        ),
      [''],
    );
}

/** Where the four bytes begin that are met least often by chance. */
function rarestWindow(text: string): number {
  const starts = Array.from({ length: text.length - windowBytes + 1 }, (_, start) => start);
  const costOf = (start: number) =>
    [0, 1, 2].reduce((sum, i) => sum + costOfPair(text.slice(start + i, start + i + 2)), 0);
  return starts.reduce((best, start) => (costOf(start) < costOf(best) ? start : best));
}

function costOfPair(pair: string): number {
  const rank = commonPairs.indexOf(pair);
  return rank < 0 ? 0.2 : 60 / (rank + 15);
}
