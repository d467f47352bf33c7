const backslash = 0x5c;
const space = 0x20;

/** Whether the backslash at `at` begins an escape that JSON knows. */
export function isEscape(bytes: Uint8Array, at: number): boolean {
  switch (bytes[at + 1]) {
    case 0x22:
    case backslash:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    case 0x75:
      return [2, 3, 4, 5].every((offset) => isHex(bytes[at + offset]));
    default:
      return false;
  }
}

export function isHex(byte = 0): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

/**
 * Whether a reader of JSON refuses what stands in a string from `from` to `to`: raw control characters, or a backslash
 * that begins no escape. At `from` no escape may be under way.
 */
export function isNoJsonText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if ((bytes[i] ?? space) < space) return true;
    if (bytes[i] === backslash && !isEscape(bytes, i++)) return true;
  }
  return false;
}
