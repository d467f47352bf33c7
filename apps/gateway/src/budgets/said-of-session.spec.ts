import type { Delta, SessionChanges } from '@telltale/contracts';
import { stats } from '../testing/rows';
import { saidOfSession } from './said-of-session';

const delta = (changes: SessionChanges | undefined, more: Partial<Delta> = {}): Delta => ({
  room: 'fleet',
  sessionId: 's',
  from: 'g.1',
  to: 'g.2',
  at: '2026-03-01T10:00:00.000Z',
  ...(changes ? { changes } : {}),
  ...more,
});
const revision = 'a.b.17';

it('tells what changed, and nothing of what did not', () => {
  const whole = {
    revision,
    stats: stats({ costUsd: 1.5 }),
    project: { path: '/a', name: 'a' },
    lastActivityAt: null,
  };
  expect(saidOfSession(delta(whole))).toEqual({
    sessionId: 's',
    revision: 17n,
    costPico: 1_500_000_000_000n,
    projectPath: '/a',
    lastActivityAt: -Infinity,
  });
  expect(saidOfSession(delta({ revision, project: null, lastActivityAt: '1970-01-01T00:00:01Z' }))).toEqual({
    sessionId: 's',
    revision: 17n,
    projectPath: null,
    lastActivityAt: 1000,
  });
  expect(saidOfSession(delta({ revision, stats: stats({ costUsd: null }) }))).toMatchObject({ costPico: 0n });
});

it('has nothing to say of a title, or of nobody', () => {
  expect(saidOfSession(delta({ revision, title: 'x' }))).toBeUndefined();
  expect(saidOfSession(delta({}))).toBeUndefined();
  expect(saidOfSession(delta(undefined, { sessionId: '', refetch: true }))).toBeUndefined();
});

it.each<[string, Delta]>([
  ['it says to ask', delta(undefined, { refetch: true })],
  ['it says nothing', delta(undefined)],
  ['the session has no revision', delta({ stats: stats() })],
  ['the revision is none', delta({ revision: 'g.x', stats: stats() })],
  ['the cost is no number', delta({ revision, stats: { ...stats(), costUsd: 'much' as never } })],
  ['the cost is beyond numbers', delta({ revision, stats: { ...stats(), costUsd: Infinity } })],
])('asks where %s', (_, given) => expect(saidOfSession(given)).toBe('ask'));
