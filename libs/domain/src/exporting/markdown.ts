import { visibleLine, visibleText } from './visible-text';

/** Letters, digits, blanks and a little punctuation that means nothing to Markdown, in any of its dialects. */
const harmless = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N} ,'’]|-(?=[\p{L}\p{N}]))*$/u;

/**
 * A text of a transcript within a line of Markdown: as it is where it can mean nothing, else as a code span, in
 * which nothing is markup, link or image. Escaping would not do: some dialects make links of addresses in plain text.
 */
export function markdownInline(text: string): string {
  const line = visibleLine(text);
  return harmless.test(line) ? line : codeSpan(line);
}

/** The same in a cell of a table, where a bar would begin the next cell even within code. */
export function markdownCell(text: string): string {
  return markdownInline(text.replaceAll('|', '｜'));
}

/** A text of a transcript as a block in which nothing is markup; its fence is longer than any it holds. */
export function markdownBlock(text: string): string {
  const block = visibleText(text);
  const fence = '`'.repeat(Math.max(3, longestRun(block) + 1));
  return `${fence}\n${block}${block.endsWith('\n') || block === '' ? '' : '\n'}${fence}\n`;
}

function codeSpan(line: string): string {
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
