/** One line of a fact's body. */
export interface BodyLine {
  readonly text: string;
  /** Its number in the body, from 0: with the fact's sequence the line's place in the log. */
  readonly line: number;
  /** Byte offset of its first byte in the body. */
  readonly offset: number;
}

const newline = 0x0a;

/**
 * The whole lines of a body, from byte `from` on. Bytes that are no UTF-8 become U+FFFD; they can only stand inside
 * texts, for everything that is counted is ASCII.
 */
export function* linesOf(body: Uint8Array, from = 0): Generator<BodyLine> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let start = 0;
  let line = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start);
    const stop = end === -1 ? bytes.length : end;
    if (start >= from) yield { text: bytes.toString('utf8', start, stop), line, offset: start };
    start = stop + 1;
    line++;
  }
}
