import type { Message } from '@telltale/contracts';

export interface DiffLine {
  readonly sign: '+' | '-';
  readonly text: string;
}

/** What a tool card says without being opened. */
export interface ToolSummary {
  /** The file, command or pattern; '' where the input has nothing of the kind. */
  readonly headline: string;
  readonly diff: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
  /** The first lines of the result. */
  readonly result: readonly string[];
}

/** In the order in which they say most. */
const telling = [
  'file_path',
  'notebook_path',
  'command',
  'pattern',
  'query',
  'url',
  'description',
  'subject',
  'path',
  'prompt',
  'skill',
];
const resultLines = 4;
const diffLines = 12;
const lineLength = 400;

/** Pure: the input is JSON, or the beginning of JSON that was cut. */
export function toolSummary(tool: NonNullable<Message['tool']>): ToolSummary {
  const input = tool.input ?? '';
  const before = linesOf(field(input, 'old_string') ?? '');
  const after = linesOf(field(input, 'new_string') ?? '');
  const changed = changedLines(before, after);
  return {
    headline: headlineOf(input),
    diff: changed.slice(0, diffLines),
    added: changed.filter((line) => line.sign === '+').length,
    removed: changed.filter((line) => line.sign === '-').length,
    result: linesOf(tool.result ?? '')
      .slice(0, resultLines)
      .map((line) => line.slice(0, lineLength)),
  };
}

/** JSON laid out for reading; what is no whole JSON as it is. */
export function readableInput(input: string): string {
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  } catch {
    return input; // cut, or never JSON
  }
}

function headlineOf(input: string): string {
  for (const name of telling) {
    const value = field(input, name);
    if (value) return value.split('\n')[0]?.slice(0, lineLength) ?? '';
  }
  return input.startsWith('{') ? '' : (input.split('\n')[0]?.slice(0, lineLength) ?? '');
}

/** A string field, also out of JSON whose end is missing. */
function field(input: string, name: string): string | undefined {
  const match = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)("?)`, 's').exec(input);
  if (!match) return undefined;
  try {
    return JSON.parse(`"${match[1] ?? ''}"`) as string;
  } catch {
    return match[1]; // cut within an escape, or raw line breaks
  }
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Without the lines both begin and end with: what is left was changed. */
function changedLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  const cut = (lines: readonly string[]): string[] =>
    lines.slice(start, lines.length - end).map((line) => line.slice(0, lineLength));
  return [
    ...cut(before).map((text): DiffLine => ({ sign: '-', text })),
    ...cut(after).map((text): DiffLine => ({ sign: '+', text })),
  ];
}
