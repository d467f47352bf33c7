import { BatchDraft } from '../../projecting';
import {
  assistant,
  mainPath,
  observe,
  record,
  registersOf,
  sessionId,
  told,
  user,
} from '../../testing/given-records';

describe('state records', () => {
  it('give titles, the last one of each kind', () => {
    const records = [
      { type: 'summary', summary: 'Old work', leafUuid: 'x' },
      { type: 'ai-title', aiTitle: 'One' },
      { type: 'ai-title', aiTitle: 'Two' },
      { type: 'custom-title', customTitle: 'Mine' },
      { type: 'agent-name', agentName: 'Rex' },
    ];
    expect(registersOf(records)).toEqual({
      summaryTitle: 'Old work',
      aiTitle: 'Two',
      customTitle: 'Mine',
      agentName: 'Rex',
    });
  });

  it('are dated by the latest record before them, and by their place in the file', () => {
    const seen = told('registers', observe([user('hi'), { type: 'ai-title', aiTitle: 'One' }]));
    expect(seen.at(-1)?.registers.aiTitle).toEqual({
      value: 'One',
      at: Date.UTC(2026, 2, 1, 9),
      offset: JSON.stringify(user('hi')).length + 1,
    });
  });

  it('make no session, whatever time they state', () => {
    const link = {
      type: 'pr-link',
      prNumber: 7,
      prUrl: 'https://example.org/7',
      prRepository: 'a/b',
      timestamp: '2026-01-01T00:00:00Z',
    };
    expect(told('activity', observe([link]))).toEqual([]);
    expect(told('activity', observe([link, user('hi')])).map((one) => one.at)).toEqual([
      Date.UTC(2026, 0, 1),
      Date.UTC(2026, 2, 1, 9),
    ]);
    expect(told('link', observe([link]))).toMatchObject([
      { kind: 'pull-request', label: 'a/b#7', url: 'https://example.org/7' },
    ]);
  });

  it('link nowhere but to the web', () => {
    expect(told('link', observe([{ type: 'pr-link', prUrl: 'javascript:alert(1)' }]))).toEqual([]);
  });

  it('tell the tool’s own price', () => {
    expect(registersOf([{ type: 'cost-state', totalCostUSD: 0.0319246 }])['reportedCostPico']).toBe(
      '31924600000',
    );
    expect(registersOf([{ type: 'cost-state', totalCostUSD: -1 }])['reportedCostPico']).toBeUndefined();
  });
});

describe('system records', () => {
  it('tell compactions and failed calls', () => {
    const failed = record('system', {
      subtype: 'api_error',
      uuid: 'u2',
      error: { status: 529, error: { error: { message: 'Overloaded' } } },
      retryAttempt: 1,
    });
    const seen = observe([record('system', { subtype: 'compact_boundary', compactMetadata: {} }), failed]);
    expect(told('compaction', seen)).toMatchObject([{ key: 'c:u1' }]);
    expect(told('error', seen)).toMatchObject([{ key: 'e:u2', kind: 'api_error', message: 'Overloaded' }]);
  });
});

describe('project, branch and fork', () => {
  it('keep the folder the session began in, and the latest branch', () => {
    const moved = user('x', { cwd: '/home/dev/shop/sub', gitBranch: 'fix' });
    expect(registersOf([user('hi'), moved])).toMatchObject({
      projectPath: '/home/dev/shop',
      branch: 'fix',
      version: '2.1.70',
    });
  });
  it('say where a session was forked from', () => {
    expect(
      registersOf([user('hi', { forkedFrom: { sessionId: 's0', messageUuid: 'u0' } })])['forkedFrom'],
    ).toBe('s0');
  });
});

describe('sidecars', () => {
  it('give the title of /rename', () => {
    expect(
      registersOf([{ customTitle: 'Mine' }], `projects/-x/${sessionId}/custom-title.json`)['customTitle'],
    ).toBe('Mine');
  });

  it('hint at titles of many sessions, and at nothing else', () => {
    const entries = [
      {
        sessionId: 's1',
        summary: 'One',
        customTitle: 'Uno',
        modified: '2026-01-01T00:00:00Z',
        firstPrompt: 'x',
      },
      { sessionId: 's2', isSidechain: true, summary: 'Two' },
      { sessionId: 's3', messageCount: 4 },
      'nonsense',
    ];
    const seen = observe([{ version: 1, entries }], 'projects/-x/sessions-index.json');
    const at = Date.UTC(2026, 0, 1);
    expect(seen).toMatchObject([
      {
        type: 'registers',
        sessionId: 's1',
        registers: { summaryTitle: { value: 'One', at }, customTitle: { value: 'Uno', at } },
      },
    ]);
    expect(seen).toHaveLength(1);
  });

  it.each(['history.jsonl', 'projects/-x/notes.json'])('say nothing in %s', (path) =>
    expect(observe([user('hi')], path)).toEqual([]),
  );
  it('are told apart from transcripts by their path', () =>
    expect(observe([{ customTitle: 'Mine' }], mainPath)).toEqual([]));
});

describe('objectives', () => {
  const use = (name: string, input: object, id = 'toolu_o') =>
    assistant([{ type: 'tool_use', id, name, input }]);
  const result = (content: string, toolUseResult?: object) =>
    user([{ type: 'tool_result', tool_use_id: 'toolu_o', content }], { toolUseResult });

  it('are the whole list of a TodoWrite', () => {
    const todos = [
      { content: 'a', status: 'completed' },
      { content: 'b', status: 'in_progress' },
      { content: 'c' },
      5,
    ];
    expect(registersOf([use('TodoWrite', { todos })])['todoList']).toEqual([
      { text: 'a', status: 'completed' },
      { text: 'b', status: 'active' },
      { text: 'c', status: 'pending' },
    ]);
  });

  it('are tasks, known once their result names them, and their changes', () => {
    const created = result('Task #3 created successfully: Fix it', { task: { id: '3', subject: 'Fix it' } });
    const seen = observe([
      use('TaskCreate', { subject: 'Fix it', description: '…' }),
      created,
      use('TaskUpdate', { taskId: '3', status: 'completed' }),
      use('TaskUpdate', { taskId: '3', status: 'deleted' }),
    ]);
    expect(
      told('objective', seen).map(({ id, text, status, removed }) => [id, text, status, removed]),
    ).toEqual([
      ['task:3', 'Fix it', 'pending', undefined],
      ['task:3', null, 'completed', undefined],
      ['task:3', null, null, true],
    ]);
  });

  it('are tasks also where only the text of the result names them', () => {
    const seen = observe([
      use('TaskCreate', { subject: 'Fix it' }),
      result('Task #3 created successfully: Fix it'),
    ]);
    expect(told('objective', seen)).toMatchObject([{ id: 'task:3', text: 'Fix it', status: 'pending' }]);
  });

  it('are what the agent marks as completed, each once', () => {
    const text = 'Well.\n✅ Completed: the cart\n✓ **Done**: tests\nDone: not marked\n✅ Completed: the cart';
    const seen = told('objective', observe([assistant([{ type: 'text', text }])]));
    expect(seen.map(({ text: words, status }) => [words, status])).toEqual([
      ['the cart', 'completed'],
      ['tests', 'completed'],
      ['the cart', 'completed'],
    ]);
    expect(seen[0]?.id).toBe(seen[2]?.id);
  });
});

it('takes the title that /rename wrote last, though its file states no time', () => {
  const draft = new BatchDraft();
  const path = `projects/-x/${sessionId}/custom-title.json`;
  for (const [title, writtenAt] of [
    ['Zebra', 1000],
    ['Apple', 2000],
  ] as const)
    for (const one of observe([{ customTitle: title }], path)) draft.add(one, 'claude-code', writtenAt);
  expect(draft.sessions.get(sessionId)?.registers.customTitle).toMatchObject({ value: 'Apple', at: 2000 });
});
