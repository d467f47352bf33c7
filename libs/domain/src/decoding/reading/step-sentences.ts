import { firstLine } from './text';
import { asText, type JsonObject } from './values';

/** A step is one short line. */
export const stepLength = 160;

/** What a tool use does in a few words, from its input; undefined where the input does not tell. */
export type Sentence = (input: JsonObject, cwd: string) => string | undefined;

/** The first line of what the agent says, without the marks of a heading, a list or a quotation; '' where it says nothing. */
export function textStep(text: string): string {
  for (const line of text.slice(0, 4096).split('\n', 40)) {
    if (/^\s*(?:```|~~~)/.test(line)) continue; // says what follows is code, not what
    // Cut before its end is looked for: a search for marks at the end begins anew at each of them.
    const begun = line.replace(/^[\s#>*`~|=+-]+/, '').slice(0, 2 * stepLength);
    const words = begun.replace(/[*_`]+$/, '');
    if (/[\p{L}\p{N}]/u.test(words)) return firstLine(words, stepLength);
  }
  return '';
}

/** `Editing src/cart/reserve.ts`. */
export function onFile(verb: string): Sentence {
  return (input, cwd) => {
    const path = filePath(input);
    return path === undefined ? undefined : `${verb} ${relative(path, cwd)}`;
  };
}

/** `Searching for reserve`: the words and what stands in `field`. */
export function about(words: string, field: string): Sentence {
  return (input) => named(words, input[field]);
}

/** `<words> <the value's first line>`; undefined where the value is no text or says nothing. */
export function named(words: string, value: unknown): string | undefined {
  const text = asText(value);
  const line = text === undefined ? '' : firstLine(text, stepLength);
  return line === '' ? undefined : `${words} ${line}`;
}

/** A command that goes on behind a backslash is one line. */
export function unfolded(command: unknown): unknown {
  return typeof command === 'string' ? command.slice(0, 4 * stepLength).replaceAll('\\\n', ' ') : command;
}

function filePath(input: JsonObject): string | undefined {
  const names = ['file_path', 'filePath', 'absolute_path', 'notebook_path', 'path', 'dir_path'];
  return names.map((name) => asText(input[name])).find((path) => path !== undefined);
}

/** The path as seen from the working folder; of a path elsewhere that is too long, its end. */
function relative(path: string, cwd: string): string {
  const folder = cwd.endsWith('/') || cwd.endsWith('\\') ? cwd : `${cwd}${cwd.includes('\\') ? '\\' : '/'}`;
  const shown = cwd !== '' && path.startsWith(folder) ? path.slice(folder.length) : path;
  return shown.length <= stepLength - 10 ? shown : `…${shown.slice(-(stepLength - 20))}`;
}
