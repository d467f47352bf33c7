const newline = 0x0a;

/** Line `index` (from 0) of a fact's body, without its newline; undefined where the body has fewer. */
export function lineInBody(body: Uint8Array, index: number): string | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let start = 0;
  for (let line = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length : found;
    if (line === index) return bytes.toString('utf8', start, end);
    start = end + 1;
  }
  return undefined;
}
