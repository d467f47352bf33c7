/** A run of letters and digits: a word, or characters of a script that puts no blanks between its words. */
export interface Run {
  readonly text: string;
  readonly start: number;
  readonly unspaced: boolean;
}

/** What a character is: of no word, of one, or of a script that puts no blanks between its words. */
type CharacterKind = 0 | 1 | 2;

const inWord = /^[\p{L}\p{N}\p{M}]/u;
const inUnspaced =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;

const unknown = 3;
/** By UTF-16 unit. Halves of pairs are never asked for. */
const kinds = new Uint8Array(0x10000).fill(unknown);

/**
 * The runs of a text in their order. Everything else (blanks, punctuation, `_`) only separates. Read character by
 * character: a pattern for all letters takes five times as long, and fails on runs of some megabytes.
 */
export function* runsIn(text: string): Generator<Run> {
  let start = 0;
  let before: CharacterKind = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    const isPair = isPairAt(text, at, code);
    const kind = isPair ? kindOf(text.slice(at, at + 2)) : kindOfUnit(code);
    if (kind !== before) {
      if (before !== 0) yield { text: text.slice(start, at), start, unspaced: before === 2 };
      start = at;
      before = kind;
    }
    at += isPair ? 2 : 1;
  }
  if (before !== 0) yield { text: text.slice(start), start, unspaced: before === 2 };
}

function isPairAt(text: string, at: number, code: number): boolean {
  if ((code & 0xfc00) !== 0xd800) return false;
  return (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

function kindOfUnit(code: number): CharacterKind {
  const known = kinds[code];
  if (known === 0 || known === 1 || known === 2) return known;
  const kind = kindOf(String.fromCharCode(code));
  kinds[code] = kind;
  return kind;
}

function kindOf(character: string): CharacterKind {
  if (!inWord.test(character)) return 0;
  return inUnspaced.test(character) ? 2 : 1;
}
