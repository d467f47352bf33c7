/** One line of a fact's body. */
export interface BodyLine {
  readonly text: string;
  /** Its number in the body, from 0: with the fact's sequence the line's place in the log. */
  readonly line: number;
  /** Byte offset of its first byte in the body, and how many bytes it has without its newline. */
  readonly offset: number;
  readonly bytes: number;
}

const newline = 0x0a;

/**
 * The whole lines of a body, from byte `from` on. Bytes that are no UTF-8 become U+FFFD, as where ingest reads them; a
 * mark at the beginning stays, and is the decoder's to pass over.
 */
export function* bodyLines(body: Uint8Array, from = 0): Generator<BodyLine> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let start = 0;
  for (let line = 0; start < body.length; line++) {
    const end = body.indexOf(newline, start);
    const stop = end === -1 ? body.length : end;
    if (start >= from)
      yield { text: decoder.decode(body.subarray(start, stop)), line, offset: start, bytes: stop - start };
    start = stop + 1;
  }
}
