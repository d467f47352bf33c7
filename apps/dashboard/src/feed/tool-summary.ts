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
  'filePath',
  'absolute_path',
  'notebook_path',
  'command',
  'cmd',
  'pattern',
  'query',
  'url',
  'description',
  'subject',
  'path',
  'prompt',
  'skill',
  'code',
  'chars',
  'target',
  'key',
];
const resultLines = 4;
const diffLines = 12;
const lineLength = 400;

/** Pure: the input is JSON, or the beginning of JSON that was cut, or a patch. */
export function toolSummary(tool: NonNullable<Message['tool']>): ToolSummary {
  const input = tool.input ?? '';
  const patch = patchOf(input);
  const changed = patch === undefined ? replacedLines(input) : patchedLines(patch);
  return {
    headline: patch === undefined ? headlineOf(input) : patchedFiles(patch),
    diff: changed.slice(0, diffLines),
    added: changed.filter((line) => line.sign === '+').length,
    removed: changed.filter((line) => line.sign === '-').length,
    result: linesOf(withoutPreamble(tool.result ?? ''))
      .slice(0, resultLines)
      .map((line) => line.slice(0, lineLength)),
  };
}

function replacedLines(input: string): DiffLine[] {
  const before = field(input, 'old_string') ?? field(input, 'oldString') ?? '';
  const after = field(input, 'new_string') ?? field(input, 'newString') ?? '';
  return changedLines(linesOf(before), linesOf(after));
}

/** What Codex and OpenCode hand to `apply_patch`: by itself, or as a field. */
function patchOf(input: string): string | undefined {
  if (!input.includes('*** Begin Patch')) return undefined;
  return input.startsWith('{') ? (field(input, 'patchText') ?? field(input, 'input')) : input;
}

function patchedFiles(patch: string): string {
  const files = [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map(
    ([, path = '']) => path,
  );
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  return `${files[0]?.slice(0, lineLength) ?? ''}${more}`;
}

function patchedLines(patch: string): DiffLine[] {
  return linesOf(patch).flatMap((line): DiffLine[] => {
    const sign = line[0];
    return sign === '+' || sign === '-' ? [{ sign, text: line.slice(1, lineLength) }] : [];
  });
}

/** Codex writes of a command how it went before what it said; the card says that already. */
function withoutPreamble(result: string): string {
  return result.replace(/^(?:Chunk ID: .*\n)?Wall time: .*\n(?:.*\n){0,4}?Output:\n/, '');
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
    const value = field(input, name) ?? lastOf(input, name);
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

/** Of `["bash", "-lc", "npm test"]` what is run. */
function lastOf(input: string, name: string): string | undefined {
  const list = new RegExp(`"${name}"\\s*:\\s*\\[\\s*((?:"(?:[^"\\\\]|\\\\.)*"[\\s,]*)+)`, 's').exec(
    input,
  )?.[1];
  const last = list?.match(/"(?:[^"\\]|\\.)*"/gs)?.at(-1);
  return last === undefined ? undefined : field(`{"last":${last}}`, 'last');
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
