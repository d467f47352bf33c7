import type { Span } from '../rules/rule';
import { latin1 } from '../structure/latin1';

const blank = '(?: |\\\\[nrt])';
const less = '(?:<|\\\\u003c)';
const greater = '(?:>|\\\\u003e)';

/**
 * Beginnings of texts that are counted by: what a tool writes in the user's name (formats.md's rule of a typed
 * prompt), which task was made.
 */
const head = new RegExp(
  `${blank}{0,16}(?:${less}/?[A-Za-z][A-Za-z0-9_-]{0,40}(?: instructions)?${greater}?` +
    '|\\[Request interrupted by user|# AGENTS\\.md instructions)|Task #[^\\s"\\\\]{1,50} created',
  'y',
);
const headBytes = 160;
const headBegins = new Set(Buffer.from(' \\<[#T'));

/** Codex says in the first lines of a command's output how it ended. */
const failure = /(?:aborted|execution error|failed to parse)/iy;
const ending = /(?:^|\\n)(?:Process exited with code|Exit code:) -?\d{1,10}(?:\\n)?/;
const outputBytes = 1200;

const noSpans: readonly Span[] = [];

/** What stays of a text of which nothing else does: the words that counts rest on. */
export function keptWords(bytes: Uint8Array, start: number, limit: number, name: string): readonly Span[] {
  if (name === 'output')
    return keptOfOutput(latin1(bytes, start, Math.min(limit, start + outputBytes)), start);
  if (!headBegins.has(bytes[start] ?? 0)) return noSpans;
  head.lastIndex = 0;
  const length = head.exec(latin1(bytes, start, Math.min(limit, start + headBytes)))?.[0].length;
  return length === undefined ? noSpans : [[start, start + length]];
}

function keptOfOutput(text: string, start: number): readonly Span[] {
  // Not beyond the string: what follows it is another's.
  const end = /^(?:[^"\\]|\\.)*/.exec(text)?.[0] ?? '';
  failure.lastIndex = 0;
  const failed = failure.exec(end)?.[0].length;
  if (failed !== undefined) return [[start, start + failed]];
  const ended = ending.exec(end);
  return ended === null ? noSpans : [[start + ended.index, start + ended.index + ended[0].length]];
}
