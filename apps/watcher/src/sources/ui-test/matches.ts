/** Whether bytes, as far as they go, are those expected at `offset`. */
export function matches(bytes: Buffer, offset: number, expected: Buffer): boolean {
  const there = bytes.subarray(offset, offset + expected.length);
  return expected.subarray(0, there.length).equals(there);
}
