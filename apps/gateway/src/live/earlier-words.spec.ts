import type { Delta, Message, SessionChanges } from '@telltale/contracts';
import { stats } from '../testing/rows';
import { earlierEvents } from './earlier-words';

const at = '2026-03-01T10:00:00.000Z';
const delta = (changes: SessionChanges | undefined, from: string | null = 'g.1'): Delta => ({
  room: 'session:s1',
  sessionId: 's1',
  from,
  to: 'g.2',
  at,
  ...(changes ? { changes } : { refetch: true }),
});
const names = (events: ReturnType<typeof earlierEvents>) => events.map(({ name, to }) => `${name} → ${to}`);

it('tells of a new session', () => {
  const [start] = earlierEvents(
    delta({ project: { path: '/srv/api', name: 'api' }, status: 'running', phase: null }, null),
  );
  expect(start).toEqual({
    name: 'session:start',
    payload: {
      ...{ sessionId: 's1', timestamp: at, projectName: 'api', status: 'running', phase: null },
      ...{ model: null, startTime: null, title: null },
    },
    to: 'both',
  });
});

it('tells of what changed, each in its word', () => {
  const message = {
    id: 'm:1',
    author: 'user',
    kind: 'prompt',
    at,
    text: '',
    preview: 'Hello',
    images: [],
  } satisfies Message;
  const events = earlierEvents(
    delta({
      stats: stats({ costUsd: 0.25 }),
      objectives: [{ id: '1', text: 'build', status: 'active', at, completedAt: null }],
      messages: [message, { ...message, id: 'm:2', preview: '' }],
    }),
    stats(),
  );
  expect(names(events)).toEqual([
    'session:update → both',
    'session:objective → both',
    'session:tokens → both',
    'stat_update → session',
    'new_message → session',
  ]);
  expect(events[2]?.payload).toMatchObject({ cost: 0.25, tokens: { total: 0 } });
  expect(events[3]?.payload).toEqual({
    ...{ sessionId: 's1', timestamp: at, type: 'stat_update', stat_type: 'cost', session_id: 's1' },
    update: { new_value: 0.25, formatted_value: '$0.25', delta: 0.25, animation: 'increment' },
  });
  expect(events[4]?.payload).toMatchObject({
    ...{ sessionId: 's1', type: 'new_message', session_id: 's1' },
    message: { id: 'm:1', uuid: 'm:1', author: 'user', preview: 'Hello' },
  });
});

it('names the tool that was used last, of all that the delta carries', () => {
  const tool = (name: string, lastAt: string | null) => ({
    name,
    calls: 2,
    errors: 0,
    medianMs: null,
    p95Ms: null,
    totalMs: null,
    lastAt,
  });
  const events = earlierEvents(
    delta({ tools: [tool('Read', '2026-03-01T09:00:00Z'), tool('Bash', at), tool('Old', null)] }),
  );
  expect(events).toContainEqual({
    name: 'session:tool',
    payload: { sessionId: 's1', timestamp: at, tool: 'Bash', count: 2 },
    to: 'both',
  });
  expect(names(events).filter((name) => name.startsWith('session:tool'))).toHaveLength(1);
});

it('tells of each picture that came', () => {
  const screenshot = {
    id: 'ab',
    filename: 'end.png',
    label: 'end',
    at,
    step: 3,
    bytes: 9,
    width: 2,
    height: 1,
    url: '/api/screenshots/ab',
  };
  const events = earlierEvents(delta({ screenshots: [screenshot] }));
  expect(names(events)).toEqual(['session:update → both', 'screenshot:added → both']);
  expect(events[1]?.payload).toEqual({ sessionId: 's1', timestamp: at, screenshot });
});

it.each([
  [{ status: 'completed' }, 'session:complete → both'],
  [{ status: 'failed' }, 'session:complete → both'],
  [{ errors: [{ at, kind: 'api_error', message: 'overloaded' }] }, 'session:error → both'],
] satisfies [SessionChanges, string][])('%j: %s', (changes, expected) => {
  expect(names(earlierEvents(delta(changes)))).toEqual(['session:update → both', expected]);
});

it('tells all four figures where it is not known what was told before', () => {
  const events = earlierEvents(delta({ stats: stats({ messages: 3 }) }));
  const told = events.filter(({ name }) => name === 'stat_update');
  expect(told.map(({ payload }) => payload)).toMatchObject(
    ['messages', 'tools', 'tokens', 'cost'].map((type) => ({
      stat_type: type,
      update: { delta: 0, animation: 'none' },
    })),
  );
});

it('says one word of a deleted session, and none of a refetch', () => {
  expect(names(earlierEvents(delta({ deleted: true, status: 'completed' })))).toEqual([
    'session:deleted → both',
  ]);
  expect(earlierEvents(delta(undefined))).toEqual([]);
});

it('says nothing of a session where there is an alert and no more', () => {
  expect(earlierEvents(delta({ alerts: [] }))).toEqual([]);
  expect(names(earlierEvents(delta({ alerts: [], title: 'x' })))).toEqual(['session:update → both']);
});
