const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const c1 = (code: number) => String.fromCharCode(code);
const csiStart = `(?:${escape}\\[|${c1(0x9b)})`;
/** OSC, DCS, SOS, PM, APC: sequences that carry a text of their own, up to a terminator. */
const stringStart = `(?:${escape}[\\]PX^_]|[${c1(0x90)}${c1(0x98)}${c1(0x9d)}${c1(0x9e)}${c1(0x9f)}])`;
const terminator = `(?:${bell}|${escape}\\\\|${c1(0x9c)})`;

/** Those that carry no text: colours, moves of the cursor. Their last letter is no part of the word behind it. */
const plainSequences = [
  `${csiStart}[0-?]*[ -/]*[@-~]`,
  `${escape}[ -/]+[0-~]`,
  `${escape}[0-OQ-WYZ\\\\\`-~]`,
];
/** Whole sequences only: what has no end loses nothing but its control character. */
const terminalSequences = new RegExp(
  [`${stringStart}[^${escape}${bell}${c1(0x9c)}]*${terminator}`, ...plainSequences].join('|'),
  'g',
);
const textless = new RegExp(plainSequences.join('|'), 'g');
const maybeSequence = new RegExp(`[${escape}${c1(0x9b)}]`);

/** The text with blanks for its terminal sequences, so that every offset stays; what sequences say of themselves stays. */
export function blankedSequences(text: string): string {
  return maybeSequence.test(text) ? text.replace(textless, (found) => ' '.repeat(found.length)) : text;
}

/** Controls but tab and newline; what reorders a line without being seen; unseen tags, annotations, byte-order marks. */
const unseen =
  /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * A text of a transcript as a person may read it: no terminal sequences, no control characters but tab and newline,
 * nothing that reorders or hides text; line ends are `\n`, broken surrogates `U+FFFD`.
 */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replace(terminalSequences, '')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(unseen, '');
}

/** The same on one line, its blanks run together. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s+/g, ' ').trim();
}
