import type { FactKind } from '@telltale/contracts';
import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel, type SourceFile } from '../../testing';
import { contextOf, decodeFile } from '../../testing/decode-file';
import { mainPath, sessionId, user } from '../../testing/given-records';
import type { Observation } from '../../observation';
import { claudeCodeDecoder } from './decoder';

const start = Date.parse('2026-03-01T09:00:00.000Z');
const minute = 60_000;
const process = (status: string, at: number, fields: object = {}) => ({
  pid: 42,
  sessionId,
  status,
  statusUpdatedAt: at,
  updatedAt: at,
  startedAt: start,
  ...fields,
});

function registry(fact: FactKind, ...lines: object[]): SourceFile {
  return { ...contextOf('sessions/42.json'), fact, lines: lines.map((line) => JSON.stringify(line)) };
}

/** What is shown of the session a day later: its transcript ends with a prompt at the start. */
function shown(...told: readonly (readonly Observation[])[]) {
  const model = new MemoryReadModel();
  const transcript = decodeFile(claudeCodeDecoder, {
    path: mainPath,
    lines: [JSON.stringify(user('Fix it'))],
  });
  for (const observations of [...told, transcript.observations]) model.apply(observations);
  const state = model.sessions.get(sessionId);
  if (state === undefined) throw new Error('no session');
  const { status, waitingFor } = viewOf(state, start + 3 * 24 * 60 * minute).summary;
  return { status, waitingFor };
}

const observed = (file: SourceFile) => decodeSource(claudeCodeDecoder, file).observations;
const live = (...lines: object[]) => observed(registry('file.appended', ...lines));

test.each([
  ['busy', 'running'],
  ['shell', 'running'],
  ['waiting', 'waiting'],
  ['idle', 'idle'],
])('a process that is %s: the session is %s, whenever it wrote last', (status, expected) => {
  expect(shown(live(process(status, start + minute))).status).toBe(expected);
});

it('says what a waiting session waits for, and no other', () => {
  const waitingFor = 'permission to run npm publish';
  expect(shown(live(process('waiting', start + minute, { waitingFor }))).waitingFor).toBe(waitingFor);
  expect(shown(live(process('busy', start + minute, { waitingFor }))).waitingFor).toBeNull();
});

it('takes the latest word, in whatever order they come', () => {
  const [first, last] = [live(process('waiting', start + minute)), live(process('idle', start + 2 * minute))];
  expect(shown(first, last)).toEqual(shown(last, first));
  expect(shown(first, last).status).toBe('idle');
});

it('is completed once the process is gone: its file removed, or found dead', () => {
  const file = registry('file.appended', process('busy', start + minute));
  const { state, observations } = decodeSource(claudeCodeDecoder, file);
  const removed: Observation[] = [];
  const removal = { at: start + 2 * minute, place: { sequence: 2, line: 0, offset: 9 } };
  claudeCodeDecoder.fileRemoved?.(structuredClone(state), file, removal, removed);
  expect(shown(observations, removed).status).toBe('completed');

  const dead: Observation[] = [];
  const line = JSON.stringify({ pid: 42, at: start + 2 * minute, reason: 'dead' });
  const context = { ...file, fact: 'process.gone' as const };
  claudeCodeDecoder.decodeLine(state, line, context, { sequence: 2, line: 0, offset: 9 }, dead);
  expect(shown(dead, observations).status).toBe('completed');
});

it('goes by time again where the session goes on without any process that is known', () => {
  const before = { startedAt: start - 9 * minute };
  const gone = live(
    process('idle', start - minute, before),
    process('idle', start - minute, { ...before, sessionId: 'other' }),
  );
  expect(shown(gone).status).toBe('completed');
  const model = new MemoryReadModel();
  model.apply(gone);
  model.apply(
    decodeFile(claudeCodeDecoder, { path: mainPath, lines: [JSON.stringify(user('Fix it'))] }).observations,
  );
  const state = model.sessions.get(sessionId);
  expect(state && viewOf(state, start + minute).summary.status).toBe('running');
});

it('is left once: a process that bears the pid later has left no session of the one before', () => {
  const file = registry(
    'file.appended',
    process('idle', start - 9 * minute, { startedAt: start - 9 * minute }),
  );
  const { state, observations } = decodeSource(claudeCodeDecoder, file);
  const line = JSON.stringify({ pid: 42, at: start - 8 * minute, reason: 'dead' });
  const place = { sequence: 2, line: 0, offset: 900 };
  claudeCodeDecoder.decodeLine(state, line, { ...file, fact: 'process.gone' }, place, observations);
  const stranger = JSON.stringify(process('busy', start + minute, { sessionId: 'other' }));
  claudeCodeDecoder.decodeLine(state, stranger, file, { ...place, sequence: 3 }, observations);
  const model = new MemoryReadModel();
  model.apply(observations);
  model.apply(
    decodeFile(claudeCodeDecoder, { path: mainPath, lines: [JSON.stringify(user('Fix it'))] }).observations,
  );
  const session = model.sessions.get(sessionId);
  expect(session && viewOf(session, start + 2 * minute).summary.status).toBe('running');
});

it('runs while one of its processes runs, though another was left', () => {
  const first = live(process('busy', start + minute));
  const second = observed({
    ...registry('file.appended', process('idle', start + minute, { pid: 43 }), {
      ...process('idle', start + 2 * minute),
      pid: 43,
      sessionId: 'other',
    }),
    path: contextOf('sessions/43.json').path,
  });
  expect(shown(second, first).status).toBe('running');
});

it('takes the name that its user gave it as the title', () => {
  const title = (fields: object): string | null => {
    const model = new MemoryReadModel();
    model.apply(live(process('idle', start + minute, { nameSince: start + minute, ...fields })));
    const prompt = decodeFile(claudeCodeDecoder, { path: mainPath, lines: [JSON.stringify(user('Fix it'))] });
    model.apply(prompt.observations);
    const state = model.sessions.get(sessionId);
    return state === undefined ? null : viewOf(state, start).summary.title;
  };
  expect(title({ name: 'Release probe', nameSource: 'user' })).toBe('Release probe');
  expect(title({ name: '', nameSource: 'user' })).toBe('Fix it');
});

it('makes no session, and nothing of what it does not understand', () => {
  const model = new MemoryReadModel();
  for (const line of [{}, process('dreaming', start), { status: 'busy' }, { sessionId, status: 'busy' }]) {
    const decoded = decodeSource(claudeCodeDecoder, registry('file.appended', line));
    expect(decoded.outcomes).toEqual([{ ok: true }]);
    model.apply(decoded.observations);
  }
  expect(model.sessions.size).toBe(0);
});
