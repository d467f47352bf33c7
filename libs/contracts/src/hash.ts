/**
 * A stable 64-bit hash of a text as 16 lower-case hex digits. It names subjects and picks partitions, so it
 * may never change: the digits are part of the log. Not cryptographic. Runs in Node and the browser.
 *
 * Two 32-bit multiply-xor lanes over UTF-16 code units with a murmur-style finish.
 */
export function stableHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return hex32(b) + hex32(a);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
