import { bodyLines, type BodyLine } from '@telltale/contracts';

/** The whole lines of a fact's body. Lines are found faster in a Buffer than in a plain array. */
export function linesOf(body: Uint8Array): Generator<BodyLine> {
  return bodyLines(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}
