import type { Observation, SessionRegisters } from '../observation';
import { codexDecoder } from '../decoding/codex';
import { decodeSource, type SourceFile } from './source-file';

type Fields = { readonly [field: string]: unknown };
type Of<T extends Observation['type']> = Extract<Observation, { readonly type: T }>;

export const codexSessionId = '019ed7c2-0e29-7b52-b92a-ff8e6f9573a0';
export const codexTurnId = '019ed7c4-fa63-7412-92cc-35ed7bd8bff2';

/** A line of a rollout. */
export function codexLine(type: string, payload: Fields, second = 0): string {
  const timestamp = new Date(Date.UTC(2026, 5, 17, 22, 47, second)).toISOString();
  return JSON.stringify({ timestamp, type, payload });
}

export const codexEvent = (type: string, payload: Fields = {}, second?: number): string =>
  codexLine('event_msg', { type, ...payload }, second);
export const codexItem = (type: string, payload: Fields = {}, second?: number): string =>
  codexLine('response_item', { type, ...payload }, second);
export const codexMeta = (payload: Fields = {}): string =>
  codexLine('session_meta', { id: codexSessionId, cwd: '/home/dev/shop', ...payload });
export const codexTurn = (payload: Fields = {}): string =>
  codexLine('turn_context', { turn_id: codexTurnId, model: 'gpt-5.5', ...payload });

export function codexFileWith(lines: readonly string[], id = codexSessionId): SourceFile {
  const root = '/home/dev/.codex';
  const path = `${root}/sessions/2026/06/17/rollout-2026-06-17T22-44-39-${id}.jsonl`;
  return { source: 'codex', host: 'atlas', root, path, fact: 'file.appended', lines };
}

/** What the lines of a session tell. A line that fails is the test's own mistake. */
export function codexTold(lines: readonly string[], id?: string): readonly Observation[] {
  const { observations, outcomes } = decodeSource(codexDecoder, codexFileWith(lines, id));
  for (const outcome of outcomes)
    if (!outcome.ok) throw new Error(`the line was not read: ${outcome.reason}`);
  return observations;
}

export function ofType<T extends Observation['type']>(type: T, all: readonly Observation[]): Of<T>[] {
  return all.filter((one): one is Of<T> => one.type === type);
}

/** The last value of each register that the lines tell. */
export function codexRegisters(lines: readonly string[]): {
  readonly [name in keyof SessionRegisters]: unknown;
} {
  const all = ofType('registers', codexTold(lines)).flatMap(({ registers }) => Object.entries(registers));
  return Object.fromEntries(
    all.map(([name, stamped]: [string, { readonly value: unknown }]) => [name, stamped.value]),
  );
}
