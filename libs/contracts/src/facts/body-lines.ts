/**
 * One line of a fact's body. Every body is lines of JSON, so that each has a place of its own in the log; of
 * `file.appended` they are the file's own bytes: whole lines, or one part of a long one.
 */
export interface BodyLine {
  readonly text: string;
  /** Its number in the body, from 0: with the fact's sequence the line's place in the log. */
  readonly line: number;
  /** Byte offset of its first byte in the body, and how many bytes it has without its newline. */
  readonly offset: number;
  readonly bytes: number;
}

const newline = 0x0a;

/** A mark at the beginning stays, and is the decoder's to pass over. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The whole lines of a body, from byte `from` on. Bytes that are no UTF-8 become U+FFFD; they can only stand inside
 * texts, for everything that is counted is ASCII. Of a Node Buffer, lines are found twice as fast as of a plain array.
 */
export function* bodyLines(body: Uint8Array, from = 0): Generator<BodyLine> {
  for (const { line, start, end } of lineRanges(body)) {
    if (start >= from) yield { text: textOf(body, start, end), line, offset: start, bytes: end - start };
  }
}

/** Line `index` (from 0) of a body, without its newline; undefined where the body has fewer. */
export function bodyLine(body: Uint8Array, index: number): string | undefined {
  for (const { line, start, end } of lineRanges(body)) if (line === index) return textOf(body, start, end);
  return undefined;
}

function* lineRanges(body: Uint8Array): Generator<{ line: number; start: number; end: number }> {
  let start = 0;
  for (let line = 0; start < body.length; line++) {
    const found = body.indexOf(newline, start);
    const end = found === -1 ? body.length : found;
    yield { line, start, end };
    start = end + 1;
  }
}

function textOf(body: Uint8Array, start: number, end: number): string {
  return decoder.decode(body.subarray(start, end));
}
