import * as fc from 'fast-check';
import { openCodeColumns, openCodeDocument, type OpenCodeRecord } from './opencode-record';
import { openCodeId, OpenCodeWriter, type OpenCodeUsage } from './opencode-writer';
import type { SourceFile } from './source-file';

/** An answer of a generated session. */
export interface OpenCodeAnswer {
  readonly tokens: OpenCodeUsage;
  readonly cost: number;
  readonly text: string;
  readonly tools: readonly { readonly name: string; readonly failed: boolean }[];
  readonly aborted: boolean;
}

export interface OpenCodePlan {
  readonly seed: string;
  readonly startsAfter: number;
  /** It is a subagent's, of the session before it. */
  readonly isChild: boolean;
  readonly turns: readonly { readonly prompt: string; readonly answers: readonly OpenCodeAnswer[] }[];
  readonly todos: readonly { readonly content: string; readonly status: string }[];
  readonly isForked: boolean;
}

const beginning = Date.UTC(2026, 2, 1, 9);
const root = '/home/dev/.local/share/opencode';

const tokens = fc.record({
  input: fc.nat(100_000),
  output: fc.nat(5000),
  reasoning: fc.nat(3000),
  cache: fc.record({ read: fc.nat(300_000), write: fc.nat(20_000) }),
});
const answer: fc.Arbitrary<OpenCodeAnswer> = fc.record({
  tokens,
  cost: fc.nat(2_000_000).map((micro) => micro / 1e6),
  text: fc.oneof(fc.constant('Done: 3 files changed.'), fc.string({ unit: 'binary', maxLength: 40 })),
  tools: fc.array(
    fc.record({ name: fc.constantFrom('bash', 'read', 'edit', 'grep', 'task'), failed: fc.boolean() }),
    { maxLength: 3 },
  ),
  aborted: fc.nat(9).map((n) => n === 0),
});
export const openCodePlan: fc.Arbitrary<OpenCodePlan> = fc.record({
  seed: fc.uuid(),
  startsAfter: fc.nat(10_000_000),
  isChild: fc.boolean(),
  turns: fc.array(
    fc.record({ prompt: fc.string({ maxLength: 30 }), answers: fc.array(answer, { maxLength: 3 }) }),
    { maxLength: 3 },
  ),
  todos: fc.array(
    fc.record({
      content: fc.string({ maxLength: 20 }),
      status: fc.constantFrom('pending', 'in_progress', 'completed', 'cancelled'),
    }),
    { maxLength: 4 },
  ),
  isForked: fc.boolean(),
});

/** Every version of every record of a session, in the order in which they are written. */
export function openCodeVersions(plan: OpenCodePlan, parentId?: string): OpenCodeRecord[] {
  const writer = new OpenCodeWriter({
    seed: plan.seed,
    startedAt: beginning + plan.startsAfter,
    title: `About ${plan.seed.slice(0, 8)}`,
    ...(parentId === undefined ? {} : { parentId }),
  });
  plan.turns.forEach(({ prompt, answers }, turn) => {
    writer.wait(20_000);
    writer.prompt(prompt);
    for (const one of answers) writeAnswer(writer, one, turn === 0 ? plan.todos : []);
  });
  return writer.played.map(({ record }) => record);
}

function writeAnswer(writer: OpenCodeWriter, one: OpenCodeAnswer, todos: OpenCodePlan['todos']): void {
  writer.wait(2000);
  writer.startAnswer();
  writer.think('hm');
  if (one.text !== '') writer.text(one.text);
  for (const { name, failed } of one.tools)
    writer.tool(name, { command: 'npm test' }, { output: 'ok', failed });
  if (todos.length > 0) writer.todos(todos);
  const error = { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };
  writer.endAnswer(one.tokens, one.cost, one.aborted ? { error } : {});
}

/** What OpenCode writes when a session is forked: its history once more, under new ids, with the old times. */
export function openCodeFork(records: readonly OpenCodeRecord[], forkedAt: number): OpenCodeRecord[] {
  const newIds = new Map<string, string>();
  let counter = 0;
  const renewed = (prefix: 'ses' | 'msg' | 'prt', id: string): string => {
    const known = newIds.get(id);
    if (known !== undefined) return known;
    const made = openCodeId(prefix, forkedAt, { counter: ++counter, seed: `fork${id}` });
    newIds.set(id, made);
    return made;
  };
  return records
    .filter(({ table }) => table !== 'todo')
    .map((record) => {
      const times = { updatedAt: forkedAt, createdAt: forkedAt };
      const sessionId = renewed('ses', record.sessionId);
      if (record.table === 'session')
        return { ...record, ...times, id: sessionId, sessionId, data: forkedSession(record.data, forkedAt) };
      const messageId = record.messageId === '' ? '' : renewed('msg', record.messageId);
      const id = renewed(record.table === 'message' ? 'msg' : 'prt', record.id);
      return { ...record, ...times, id, sessionId, messageId };
    });
}

function forkedSession(data: OpenCodeRecord['data'], at: number): OpenCodeRecord['data'] {
  return { ...data, title: 'A fork (fork #1)', time: { created: at, updated: at } };
}

/** Each document of the JSON store, one line for each of its versions. */
export function openCodeDocuments(versions: readonly OpenCodeRecord[], host = 'atlas'): SourceFile[] {
  const files = new Map<string, string[]>();
  for (const record of versions) {
    const { path, text } = openCodeDocument(record);
    files.set(path, [...(files.get(path) ?? []), text.replaceAll('\n', ' ')]);
  }
  return [...files].map(([path, lines]) => ({
    source: 'opencode',
    host,
    root,
    path: `${root}/${path}`,
    fact: 'file.appended',
    lines,
  }));
}

/** The changed rows of an SQLite store, a file for each session. */
export function openCodeRows(versions: readonly OpenCodeRecord[], host = 'atlas'): SourceFile[] {
  const bySession = new Map<string, string[]>();
  for (const record of versions) {
    const element = `${record.table}/${record.id}`;
    const line = JSON.stringify({ element, value: openCodeColumns(record) });
    bySession.set(record.sessionId, [...(bySession.get(record.sessionId) ?? []), line]);
  }
  return [...bySession].map(([session, lines]) => ({
    source: 'opencode',
    host,
    root,
    path: `${root}/opencode.db#${session}`,
    fact: 'rows.changed',
    lines,
  }));
}

/** Sessions in both stores, subagents' and forks among them, with lines that are no records. */
export const openCodeCorpus: fc.Arbitrary<readonly SourceFile[]> = fc
  .tuple(fc.array(openCodePlan, { maxLength: 3 }), fc.boolean(), fc.boolean())
  .map(([plans, inDocuments, inRows]) =>
    sessionsOf(plans).flatMap((versions) => [
      ...(inDocuments ? openCodeDocuments(versions) : []),
      ...(inRows || !inDocuments ? openCodeRows(versions).map(withBrokenLines) : []),
    ]),
  );

/** The versions of all sessions of some plans, and of their forks. */
export function sessionsOf(plans: readonly OpenCodePlan[]): OpenCodeRecord[][] {
  let parent: string | undefined;
  return plans.flatMap((plan) => {
    const versions = openCodeVersions(plan, plan.isChild ? parent : undefined);
    parent = versions[0]?.sessionId;
    const last = [...new Map(versions.map((one) => [`${one.table}/${one.id}`, one])).values()];
    const forkedAt = beginning + plan.startsAfter + 90_000_000;
    return plan.isForked ? [versions, openCodeFork(last, forkedAt)] : [versions];
  });
}

function withBrokenLines(file: SourceFile): SourceFile {
  const broken = ['{"element":"part/prt_1","val', 'null', '{"element":"message/m","value":{"data":7}}', ''];
  return { ...file, lines: file.lines.flatMap((line, n) => [line, broken[n % 9] ?? '']) };
}

/** What must come out, counted from the plans themselves. */
export function countOpenCode(plans: readonly OpenCodePlan[]) {
  const turns = plans.flatMap((plan) => plan.turns.map((turn, n) => ({ plan, turn, n })));
  const answers = turns.flatMap(({ plan, turn, n }) => turn.answers.map((one) => ({ plan, one, n })));
  const sum = (of: (one: OpenCodeAnswer) => number): number =>
    answers.reduce((all, { one }) => all + of(one), 0);
  const todoCalls = answers.filter(({ plan, n }) => n === 0 && plan.todos.length > 0).length;
  return {
    prompts: turns.length,
    messages: turns.length + answers.length,
    toolCalls: sum(({ tools }) => tools.length) + todoCalls,
    toolErrors: sum(({ tools }) => tools.filter(({ failed }) => failed).length),
    input: sum((one) => one.tokens.input),
    output: sum((one) => one.tokens.output + one.tokens.reasoning),
    reasoning: sum((one) => one.tokens.reasoning),
    cacheRead: sum((one) => one.tokens.cache.read),
    cacheWrite5m: sum((one) => one.tokens.cache.write),
    reportedMicro: Math.round(sum((one) => one.cost) * 1e6),
  };
}
