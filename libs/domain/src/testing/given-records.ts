import { claudeCodeDecoder } from '../decoding/claude-code';
import type { Observation } from '../observation';
import { contextOf, decodeFile } from './decode-file';

export const sessionId = '0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f';
export const mainPath = `projects/-home-dev-shop/${sessionId}.jsonl`;
export const agentPath = `projects/-home-dev-shop/${sessionId}/subagents/agent-a1.jsonl`;

type Fields = { readonly [field: string]: unknown };
export type Of<T extends Observation['type']> = Extract<Observation, { readonly type: T }>;

/** A conversation record of the main agent, with what is said in place of its usual fields. */
export function record(type: string, fields: object): Fields {
  return {
    parentUuid: null,
    isSidechain: false,
    cwd: '/home/dev/shop',
    sessionId,
    version: '2.1.70',
    gitBranch: 'main',
    type,
    uuid: 'u1',
    timestamp: '2026-03-01T09:00:00.000Z',
    ...fields,
  };
}

export function assistant(content: unknown, fields: object = {}, message: object = {}): Fields {
  return record('assistant', {
    requestId: 'req_1',
    message: { id: 'msg_1', role: 'assistant', model: 'claude-opus-4-6', content, ...message },
    ...fields,
  });
}

export function user(content: unknown, fields: object = {}): Fields {
  return record('user', { message: { role: 'user', content }, ...fields });
}

/** What records (or raw lines) of a file tell, in order. A line that fails is the test's own mistake. */
export function observe(records: readonly (Fields | string)[], path = mainPath): Observation[] {
  const lines = records.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const { observations, outcomes } = decodeFile(claudeCodeDecoder, { path, lines });
  for (const outcome of outcomes)
    if (!outcome.ok) throw new Error(`the line was not read: ${outcome.reason}`);
  return observations;
}

/** The observations of one type. */
export function told<T extends Observation['type']>(type: T, observations: readonly Observation[]): Of<T>[] {
  return observations.filter((one): one is Of<T> => one.type === type);
}

/** The last value of each register that the records tell. */
export function registersOf(
  records: readonly (Fields | string)[],
  path = mainPath,
): { readonly [name: string]: unknown } {
  const all = told('registers', observe(records, path)).flatMap(({ registers }) => Object.entries(registers));
  return Object.fromEntries(
    all.map(([name, stamped]: [string, { readonly value: unknown }]) => [name, stamped.value]),
  );
}

export function outcomeOf(line: string, path = mainPath): ReturnType<typeof claudeCodeDecoder.decodeLine> {
  const file = contextOf(path);
  return claudeCodeDecoder.decodeLine(
    claudeCodeDecoder.initialState(file),
    line,
    file,
    { sequence: 1, line: 0, offset: 0 },
    [],
  );
}
