import { latin1 } from '../structure/latin1';

/** Stands for an escape character until its sequence is blanked: no byte of the result is this one. */
const escapeMark = '\xff';
const escapes = /\\+(?:u([0-9a-fA-F]{4})|(x1[bB]|033|e(?=\[))|([nrtbf])|(["'`/]))?/g;
const colours = new RegExp(`${escapeMark}\\[[0-9;]{0,16}[A-Za-z]`, 'g');
const plain = /^[\n\x20-\x5b\x5d-\x7e]*$/;
const unreadable = /[^\n\x20-\x7e]/g;

/**
 * Bytes of a JSON line as a rule may read them, character for byte: escapes of any depth (JSON in JSON strings) are
 * blanks that end in the character they stand for, colours of a terminal are blanks, and every byte outside ASCII is
 * U+0001. So a token begins behind `\n` as behind a line break, and places in the text are places in the bytes.
 */
export function readable(bytes: Uint8Array, from: number, to: number): string {
  const text = latin1(bytes, from, to);
  if (plain.test(text)) return text;
  return text.replace(escapes, unescaped).replace(colours, blanks).replace(unreadable, '\u0001');
}

function unescaped(
  escape: string,
  hex: string | undefined,
  escapeCharacter: string | undefined,
  control: string | undefined,
  quote: string | undefined,
): string {
  const width = escape.length - 1;
  if (escapeCharacter !== undefined) return blanks(escape).slice(1) + escapeMark;
  if (control !== undefined) return ' '.repeat(width) + (control === 'n' || control === 'r' ? '\n' : ' ');
  if (quote !== undefined) return ' '.repeat(width) + quote;
  return ' '.repeat(width) + (hex === undefined ? ' ' : characterOf(Number.parseInt(hex, 16)));
}

function characterOf(code: number): string {
  if (code === 0x1b) return escapeMark;
  if (code === 0x0a || code === 0x0d) return '\n';
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ' ';
}

function blanks(text: string): string {
  return ' '.repeat(text.length);
}
