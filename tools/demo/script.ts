/** One thing a demo session does. Times are milliseconds. */
export type Step =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly input: Record<string, unknown>;
      readonly result: string;
      readonly ms: number;
      readonly fails?: true;
    }
  | { readonly kind: 'todos'; readonly done: number; readonly of: readonly string[] }
  | {
      readonly kind: 'agent';
      readonly type: string;
      readonly description: string;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'mode'; readonly mode: string }
  | { readonly kind: 'pull-request'; readonly number: number; readonly repository: string };

export interface Setting {
  /** Shown with "Demo: " before it. */
  readonly title: string;
  readonly project: string;
  readonly branch: string;
  readonly model: string;
}

/** A session that has come to its end before anybody looks. */
export interface Story extends Setting {
  readonly endedHoursAgo: number;
  /** A prompt first. */
  readonly steps: readonly Step[];
}

/** A session that is played live. */
export interface Script extends Setting {
  /** How it began, a prompt first. */
  readonly earlier: readonly Step[];
  readonly steps: readonly Step[];
  /** Then the same again for each of the names. */
  readonly next: {
    readonly prompt: string;
    readonly names: readonly string[];
    /** What the list of tasks says of a name. */
    readonly task: (name: string) => string;
    readonly round: (name: string) => readonly Step[];
    /** What it says when all are done. */
    readonly close: string;
  };
}

export const prompt = (text: string): Step => ({ kind: 'prompt', text });
export const say = (text: string): Step => ({ kind: 'say', text });
export const todos = (done: number, of: readonly string[]): Step => ({ kind: 'todos', done, of });
export const mode = (name: string): Step => ({ kind: 'mode', mode: name });

export const read = (file: string, result: string): Step => ({
  kind: 'tool',
  name: 'Read',
  input: { file_path: file },
  result,
  ms: 90,
});
export const edit = (file: string, from: string, to: string): Step => ({
  kind: 'tool',
  name: 'Edit',
  input: { file_path: file, old_string: from, new_string: to },
  result: `The file ${file} has been updated.`,
  ms: 140,
});
export const write = (file: string, content: string): Step => ({
  kind: 'tool',
  name: 'Write',
  input: { file_path: file, content },
  result: `File created successfully at: ${file}`,
  ms: 110,
});
export const grep = (pattern: string, result: string): Step => ({
  kind: 'tool',
  name: 'Grep',
  input: { pattern, path: 'src' },
  result,
  ms: 160,
});
export const bash = (command: string, result: string, ms: number): Step => ({
  kind: 'tool',
  name: 'Bash',
  input: { command },
  result,
  ms,
});
/** A command that ends with an error. */
export const fails = (command: string, result: string, ms: number): Step => ({
  kind: 'tool',
  name: 'Bash',
  input: { command },
  result,
  ms,
  fails: true,
});
/** A subagent with steps of its own. */
export const agent = (type: string, description: string, ...steps: Step[]): Step => ({
  kind: 'agent',
  type,
  description,
  steps,
});
