/** What an agent does by a tool. Each maker of agents calls it by another name. */
export type Deed =
  | { readonly does: 'run'; readonly command: string }
  | { readonly does: 'read'; readonly file: string }
  | { readonly does: 'edit'; readonly file: string; readonly from: string; readonly to: string }
  | { readonly does: 'write'; readonly file: string; readonly content: string }
  | { readonly does: 'search'; readonly pattern: string }
  /** States the whole list of tasks anew. */
  | { readonly does: 'plan'; readonly tasks: readonly Task[] };

export interface Task {
  readonly text: string;
  readonly status: 'completed' | 'in_progress' | 'pending';
}

/** One thing a demo session does. Times are milliseconds. */
export type Step =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly deed: Deed;
      readonly result: string;
      readonly ms: number;
      readonly fails?: true;
      /** Its user is asked first, and allows it after so long. */
      readonly askedMs?: number;
    }
  | {
      readonly kind: 'agent';
      readonly type: string;
      readonly description: string;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'mode'; readonly mode: string }
  | { readonly kind: 'pull-request'; readonly number: number; readonly repository: string };

export interface Setting {
  readonly tool: 'claude-code' | 'codex' | 'gemini' | 'opencode';
  /** Written as an earlier version of the tool did: in whole documents. */
  readonly older?: true;
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
export const mode = (name: string): Step => ({ kind: 'mode', mode: name });

export const read = (file: string, result: string): Step => tool({ does: 'read', file }, result, 90);
export const edit = (file: string, from: string, to: string): Step =>
  tool({ does: 'edit', file, from, to }, `The file ${file} has been updated.`, 140);
export const write = (file: string, content: string): Step =>
  tool({ does: 'write', file, content }, `File created successfully at: ${file}`, 110);
export const grep = (pattern: string, result: string): Step => tool({ does: 'search', pattern }, result, 160);
export const bash = (command: string, result: string, ms: number): Step =>
  tool({ does: 'run', command }, result, ms);
/** A command that ends with an error. */
export const fails = (command: string, result: string, ms: number): Step => ({
  ...tool({ does: 'run', command }, result, ms),
  fails: true,
});
/** A command that its user must allow: that takes them so long. */
export const allowed = (command: string, result: string, [askedMs, ms]: readonly [number, number]): Step => ({
  ...tool({ does: 'run', command }, result, ms),
  askedMs,
});
/** The first so many tasks are done, and the next one is worked at. */
export const todos = (done: number, of: readonly string[]): Step => {
  const status = (index: number) => (index < done ? 'completed' : index === done ? 'in_progress' : 'pending');
  const tasks = of.map((text, index): Task => ({ text, status: status(index) }));
  return tool({ does: 'plan', tasks }, 'Todos have been modified successfully.', 20);
};
/** A subagent with steps of its own. */
export const agent = (type: string, description: string, ...steps: Step[]): Step => ({
  kind: 'agent',
  type,
  description,
  steps,
});

function tool(deed: Deed, result: string, ms: number): Extract<Step, { kind: 'tool' }> {
  return { kind: 'tool', deed, result, ms };
}
