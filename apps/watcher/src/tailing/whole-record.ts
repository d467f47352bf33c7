const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * Whether bytes behind the last newline are a record that is whole without one: a JSON object. What a tool has half
 * written never is: no part of an object that begins at its start is an object itself. Some transcripts end so.
 */
export function isWholeRecord(bytes: Uint8Array): boolean {
  if (bytes[0] !== openingBrace || bytes.at(-1) !== closingBrace) return false;
  try {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return true;
  } catch {
    return false; // half written, or broken for good: its newline will tell
  }
}
