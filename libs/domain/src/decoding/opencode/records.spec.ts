import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel, openCodeId, type SourceFile } from '../../testing';
import type { Observation } from '../observation';
import { openCodeDecoder } from './decoder';

const root = '/home/dev/.local/share/opencode';
const started = Date.UTC(2026, 2, 1, 9);
const sessionId = openCodeId('ses', started, { counter: 1, seed: 'a' });
const messageId = openCodeId('msg', started + 1000, { counter: 1, seed: 'b' });
const partId = openCodeId('prt', started + 2000, { counter: 1, seed: 'c' });

function document(path: string, value: unknown): SourceFile {
  const whole = `${root}/storage/${path}.json`;
  return {
    source: 'opencode',
    host: 'atlas',
    root,
    path: whole,
    fact: 'file.appended',
    lines: [JSON.stringify(value)],
  };
}

function rows(...lines: readonly unknown[]): SourceFile {
  const path = `${root}/opencode.db#${sessionId}`;
  return {
    source: 'opencode',
    host: 'atlas',
    root,
    path,
    fact: 'rows.changed',
    lines: lines.map((line) => JSON.stringify(line)),
  };
}

const session = (fields: object) =>
  document(`session/p/${sessionId}`, {
    id: sessionId,
    time: { created: started, updated: started + 5000 },
    ...fields,
  });
const message = (fields: object, id = messageId) =>
  document(`message/${sessionId}/${id}`, {
    id,
    sessionID: sessionId,
    time: { created: started + 1000 },
    ...fields,
  });
const part = (fields: object, id = partId) =>
  document(`part/${messageId}/${id}`, { id, messageID: messageId, sessionID: sessionId, ...fields });

type Of<T extends Observation['type']> = Extract<Observation, { readonly type: T }>;
function told<T extends Observation['type']>(type: T, ...files: readonly SourceFile[]): Of<T>[] {
  const all = files.flatMap((file) => decodeSource(openCodeDecoder, file).observations);
  return all.filter((one): one is Of<T> => one.type === type);
}

function shownAfter(...files: readonly SourceFile[]): ReturnType<typeof viewOf> {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(openCodeDecoder, file).observations, 'opencode');
  const [state] = model.sessions.values();
  if (state === undefined) throw new Error('no session is told of');
  return viewOf(state, started + 10_000);
}

function itemsAfter(...files: readonly SourceFile[]) {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(openCodeDecoder, file).observations, 'opencode');
  return [...model.items.values()];
}

describe('a session', () => {
  it('says what it is called, where it is, who started it, and that it is archived', () => {
    const { summary, detail } = shownAfter(
      session({
        title: 'Mend the build',
        directory: '/home/dev/shop',
        version: '1.2.26',
        parentID: 'ses_parent',
        share: { url: 'https://opencode.ai/s/abc' },
        time: { created: started, updated: started + 5002, archived: started + 5000 },
      }),
    );
    expect(summary).toMatchObject({
      title: 'Mend the build',
      project: { path: '/home/dev/shop', name: 'shop' },
      parentId: 'ses_parent',
      status: 'completed',
      startedAt: new Date(started).toISOString(),
    });
    expect(detail.links).toEqual([
      { kind: 'share', label: 'Shared session', url: 'https://opencode.ai/s/abc' },
    ]);
  });

  it('goes on when something happens after it was archived', () => {
    const archived = session({
      time: { created: started, updated: started + 5000, archived: started + 5000 },
    });
    const later = message({ role: 'user', time: { created: started + 6000 } });
    expect(shownAfter(archived, later).summary.status).toBe('running');
  });

  it('has a stand-in for a title until there is one', () => {
    const standIn = session({ title: 'New session - 2026-03-01T09:00:00.000Z' });
    expect(shownAfter(standIn).summary.title).toBe('New session - 2026-03-01T09:00:00.000Z');
    const titled = session({ title: 'Mend the build', time: { created: started, updated: started + 100 } });
    expect(shownAfter(titled, standIn).summary.title).toBe('Mend the build');
  });

  it('is no session of its own, and no parent of itself', () => {
    expect(told('activity', session({ time: {} }))).toEqual([]);
    expect(shownAfter(session({ parentID: sessionId })).summary.parentId).toBeNull();
  });

  it('is known by its messages alone, at the folder they name', () => {
    const answer = message({ role: 'assistant', path: { cwd: '/home/dev/shop' }, agent: 'plan' });
    expect(shownAfter(answer).summary).toMatchObject({ project: { path: '/home/dev/shop' }, phase: 'plan' });
    const elsewhere = session({ directory: '/home/dev', time: { created: started, updated: started } });
    expect(shownAfter(elsewhere, answer).summary.project?.path).toBe('/home/dev');
  });
});

describe('a message', () => {
  const usage = { input: 10, output: 5, reasoning: 3, cache: { read: 100, write: 7 } };
  const answer = { role: 'assistant', providerID: 'anthropic', modelID: 'claude-sonnet-4-5' };

  it('counts what it used: thoughts with the output, and its own price beside ours', () => {
    const [row] = told('usage', message({ ...answer, tokens: usage, cost: 0.5 })).map((one) => one.row);
    expect(row).toMatchObject({ model: 'anthropic/claude-sonnet-4-5', reportedPico: 500_000_000_000n });
    expect(row?.tokens).toEqual({
      input: 10,
      output: 8,
      reasoning: 3,
      cacheRead: 100,
      cacheWrite5m: 7,
      cacheWrite1h: 0,
      total: 125,
    });
    // 10 × $3 + 8 × $15 + 7 × $3.75 + 100 × $0.3 a million
    const { stats } = shownAfter(message({ ...answer, tokens: usage, cost: 0.5 })).summary;
    expect([stats.costUsd, stats.reportedCostUsd]).toEqual([0.00020625, 0.5]);
  });

  it('counts in the end what it states last, in whatever order that comes', () => {
    const empty = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    const versions = [empty, { ...empty, input: 10 }, usage].map((tokens, n) =>
      message({ ...answer, tokens, cost: n / 4 }),
    );
    for (const order of [versions, [...versions].reverse()]) {
      const { stats } = shownAfter(...order).summary;
      expect([stats.tokens.total, stats.reportedCostUsd, stats.messages]).toEqual([125, 0.5, 1]);
    }
  });

  it.each([
    [{ input: -1 }, 'tokens.input is -1'],
    [{ output: 0.5 }, 'tokens.output is 0.5'],
    [{ cache: { read: 1e10 } }, 'tokens.cache.read is 10000000000'],
  ])('cannot be counted: %j', (tokens, reason) => {
    const { outcomes } = decodeSource(openCodeDecoder, message({ ...answer, tokens }));
    expect(outcomes).toEqual([{ ok: false, reason }]);
  });

  it.each([[{ input: 24, output: 8 }], ['0.5'], [-1], [1e300], [null]])(
    'has no price of its own: %j',
    (cost) => {
      const [row] = told('usage', message({ ...answer, tokens: usage, cost })).map((one) => one.row);
      expect(row).not.toHaveProperty('reportedPico');
    },
  );

  it('tells its error, and an interruption as one', () => {
    const errors = [
      message({ ...answer, error: { name: 'MessageAbortedError', data: { message: 'Aborted.' } } }),
      message({ ...answer, error: { name: 'APIError', data: { message: 'Overloaded' } } }, 'msg_2'),
    ];
    expect(told('error', ...errors).map(({ kind, message: text }) => [kind, text])).toEqual([
      ['interrupted', 'Aborted.'],
      ['APIError', 'Overloaded'],
    ]);
  });

  it('has the texts of its parts, whichever comes first, and is whose it says', () => {
    const texts = [
      part({ type: 'text', text: 'First.' }),
      part({ type: 'text', text: 'Second.' }, `${partId}2`),
    ];
    for (const files of [
      [message({ role: 'user' }), ...texts],
      [...texts, message({ role: 'user' })],
    ]) {
      expect(itemsAfter(...files)).toMatchObject([
        {
          key: `m:${messageId}`,
          kind: 'prompt',
          at: started + 1000,
          preview: 'First.\n\nSecond.',
          counted: true,
        },
      ]);
    }
    expect(shownAfter(...texts, session({})).summary.stats.messages).toBe(0);
  });

  it('has the text it ends with, once', () => {
    const time = { start: started + 2000 };
    const versions = [
      part({ type: 'text', text: 'Fir', time }),
      part({ type: 'text', text: 'First.', time: { ...time, end: started + 3000 } }),
    ];
    for (const order of [versions, [...versions].reverse()])
      expect(itemsAfter(message(answer), ...order)).toMatchObject([{ preview: 'First.' }]);
  });

  it('does not show what the tool wrote in the user’s name', () => {
    const written = [
      part({ type: 'text', text: 'Called the Read tool', synthetic: true }),
      part({ type: 'text', text: 'hidden', ignored: true }),
    ];
    expect(told('assistant', ...written)).toEqual([]);
  });

  it('shows commands and pictures by their names', () => {
    const parts = [
      part({ type: 'subtask', command: 'review', description: 'changes', prompt: 'You are …' }),
      part({ type: 'file', mime: 'image/png', filename: 'cart.png' }),
      part({ type: 'file', mime: 'text/plain', filename: 'a.txt' }),
    ];
    expect(told('assistant', ...parts).map(({ preview }) => preview)).toEqual([
      '/review changes',
      '[cart.png]',
    ]);
  });
});

describe('a tool', () => {
  const state = { input: { command: 'npm test' }, time: { start: started + 3000, end: started + 4500 } };
  const tool = (fields: object) => part({ type: 'tool', tool: 'bash', callID: 'call_1', state: fields });

  it('is told of once it runs, with what it gave back and how long it took once it has ended', () => {
    expect(told('tool-use', tool({ status: 'pending', input: {}, raw: '' }))).toEqual([]);
    const running = tool({ ...state, status: 'running', time: { start: started + 3000 } });
    const done = tool({ ...state, status: 'completed', output: 'ok' });
    for (const order of [
      [running, done],
      [done, running],
    ]) {
      expect(itemsAfter(...order)).toMatchObject([
        {
          key: `t:${partId}`,
          name: 'bash',
          input: '{"command":"npm test"}',
          preview: 'ok',
          durationMs: 1500,
          used: true,
        },
      ]);
    }
    expect(itemsAfter(running)).toMatchObject([{ preview: '', durationMs: null }]);
  });

  it('that fails is an error', () => {
    expect(told('tool-result', tool({ ...state, status: 'error', error: 'No such file' }))).toMatchObject([
      { isError: true, preview: 'No such file' },
    ]);
  });

  it('of one call name in many messages is many', () => {
    const others = [1, 2].map((n) =>
      part(
        { type: 'tool', tool: 'bash', callID: 'REDACTED', state: { ...state, status: 'completed' } },
        `prt_${n}`,
      ),
    );
    expect(new Set(told('tool-use', ...others).map(({ key }) => key)).size).toBe(2);
  });

  it('says what the session is at, and what is to be done', () => {
    const todos = [
      { content: 'Find it', status: 'completed' },
      { content: 'Mend it', status: 'in_progress' },
      { content: 'Forget it', status: 'cancelled' },
      { content: 'Ship it', status: 'pending' },
    ];
    const write = part({
      type: 'tool',
      tool: 'todowrite',
      state: { ...state, input: { todos }, status: 'completed' },
    });
    const { summary, detail } = shownAfter(session({}), write);
    expect(summary.currentStep).toBe('Mend it');
    expect(detail.objectives.map(({ text, status }) => [text, status])).toEqual([
      ['Find it', 'completed'],
      ['Mend it', 'active'],
      ['Ship it', 'pending'],
    ]);
    expect(detail.objectives[0]?.completedAt).toBe(new Date(started + 3000).toISOString());
  });
});

describe('todos of a session', () => {
  const todos = [{ content: 'Find it', status: 'completed', priority: 'high' }];

  it('stand in a document without a time, of which the later one is right', () => {
    const list = (status: string) => document(`todo/${sessionId}`, [{ content: 'Find it', status }]);
    const later = decodeSource(openCodeDecoder, list('completed')).observations.map((one) => {
      if (one.type !== 'registers' || one.registers.todoList === undefined) return one;
      return { ...one, registers: { todoList: { ...one.registers.todoList, offset: 2 } } };
    });
    const model = new MemoryReadModel();
    model.apply(later, 'opencode');
    model.apply(decodeSource(openCodeDecoder, list('pending')).observations, 'opencode');
    const [state] = model.sessions.values();
    expect(state && viewOf(state, started).detail.objectives).toMatchObject([
      { status: 'completed', completedAt: null },
    ]);
  });

  it('are rows with times in the other store', () => {
    const value = { session_id: sessionId, time_updated: started + 7000, todos };
    const { detail } = shownAfter(session({}), rows({ element: `todo/${sessionId}`, value }));
    expect(detail.objectives).toMatchObject([{ completedAt: new Date(started + 7000).toISOString() }]);
  });
});

describe('rows', () => {
  const times = { time_created: started + 1000, time_updated: started + 2000 };
  const row = (data: unknown) => ({
    element: `message/${messageId}`,
    value: { id: messageId, session_id: sessionId, ...times, data },
  });

  it('that are gone or unknown say nothing; those that cannot be read spoil no other', () => {
    const good = row({ role: 'user' });
    const { outcomes, observations } = decodeSource(
      openCodeDecoder,
      rows(
        { element: 'message/x', value: null },
        { element: 'account/1', value: {} },
        row('no JSON'),
        row(7),
        good,
      ),
    );
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, false, true]);
    expect(observations.filter(({ type }) => type === 'prompt')).toHaveLength(1);
  });

  it('have their own times where their data has none', () => {
    expect(told('prompt', rows(row({ role: 'user' })))).toMatchObject([{ at: started + 1000 }]);
  });
});

describe('the history of a forked session', () => {
  const forkedAt = started + 60_000;
  const fork = openCodeId('ses', forkedAt, { counter: 1, seed: 'f' });
  const copyId = openCodeId('msg', forkedAt, { counter: 2, seed: 'g' });
  const copy = (id: string, at: number) =>
    document(`message/${fork}/${id}`, {
      id,
      sessionID: fork,
      role: 'assistant',
      time: { created: at },
      tokens: { input: 10, output: 1 },
    });

  it('is shown, but counts where it happened', () => {
    expect(itemsAfter(copy(copyId, started + 1000))).toMatchObject([{ used: true, counted: false }]);
    expect(told('usage', copy(copyId, started + 1000))).toEqual([]);
    expect(told('activity', copy(copyId, started + 1000))).toEqual([]);
  });

  it('is told from what is said after the fork, and from ids that tell no time', () => {
    const own = openCodeId('msg', forkedAt + 9000, { counter: 3, seed: 'h' });
    expect(told('usage', copy(own, forkedAt + 9000))).toHaveLength(1);
    expect(told('usage', copy('msg_fork_0001', started + 1000))).toHaveLength(1);
    // A clock that was set back: the message is older than its session, but not than its own id.
    expect(
      told('usage', copy(openCodeId('msg', started, { counter: 4, seed: 'i' }), started + 1000)),
    ).toHaveLength(1);
  });

  it('is found across the years in which the time of ids begins again', () => {
    const [before, after] = [Date.UTC(2026, 7, 13), Date.UTC(2026, 7, 15)];
    const late = openCodeId('msg', after, { counter: 1, seed: 'j' });
    const forkLate = openCodeId('ses', after, { counter: 1, seed: 'k' });
    const file = document(`message/${forkLate}/${late}`, {
      role: 'assistant',
      time: { created: before },
      tokens: {},
    });
    expect(told('usage', file)).toEqual([]);
  });
});
