import {
  agentPath,
  assistant,
  observe,
  record,
  registersOf,
  sessionId,
  told,
  user,
} from '../../testing/given-records';

const launch = assistant([
  {
    type: 'tool_use',
    id: 'toolu_t',
    name: 'Task',
    input: { description: 'Find it', subagent_type: 'Explore' },
  },
]);
const usage = { input_tokens: 3, output_tokens: 4 };
const progress = (message: object, fields: object = {}) =>
  record('progress', {
    uuid: 'p1',
    timestamp: '2026-03-01T09:00:09.000Z',
    parentToolUseID: 'toolu_t',
    data: { type: 'agent_progress', agentId: 'a1', message },
    ...fields,
  });

describe('a subagent', () => {
  it('is known from the result of the use that launched it', () => {
    const done = user([{ type: 'tool_result', tool_use_id: 'toolu_t', content: 'found' }], {
      toolUseResult: { status: 'completed', agentId: 'a1', totalDurationMs: 9 },
    });
    expect(told('agent', observe([launch, done]))).toMatchObject([
      {
        agentId: 'a1',
        agentType: 'Explore',
        description: 'Find it',
        status: 'completed',
        parentAgentId: null,
      },
    ]);
  });

  it('is known earlier from its progress, whose records count as its own', () => {
    const carried = {
      ...assistant(
        [{ type: 'tool_use', id: 'toolu_2', name: 'Grep', input: {} }],
        { uuid: 'inner', timestamp: '2026-03-01T09:00:08.000Z' },
        { id: 'msg_2', usage },
      ),
      isSidechain: undefined,
    };
    const seen = observe([launch, progress(carried)]);
    expect(told('agent', seen)).toMatchObject([
      { agentId: 'a1', agentType: 'Explore', description: 'Find it', status: 'running' },
    ]);
    expect(told('usage', seen)).toMatchObject([
      {
        messageKey: 'm:msg_2',
        agentId: 'a1',
        at: Date.UTC(2026, 2, 1, 9, 0, 8),
        row: { sidechain: true, agentId: 'a1', uuid: 'inner', requestId: 'req_1' },
      },
    ]);
    expect(told('tool-use', seen).map(({ key, agentId }) => [key, agentId])).toEqual([
      ['t:toolu_t', null],
      ['t:toolu_2', 'a1'],
    ]);
  });

  it('tells results in its progress too, and no prompt', () => {
    const seen = observe([
      progress({ ...user([{ type: 'tool_result', tool_use_id: 'toolu_2', content: 'x' }]) }),
      progress(user('Find it')),
    ]);
    expect(told('tool-result', seen)).toMatchObject([{ key: 't:toolu_2', agentId: 'a1' }]);
    expect(told('prompt', seen)).toEqual([]);
  });

  it('runs from its file’s first record until its turn ends', () => {
    const seen = observe(
      [user('Find it'), assistant([]), assistant([], {}, { stop_reason: 'end_turn' }), user('more')],
      agentPath,
    );
    expect(told('agent', seen).map(({ status }) => status)).toEqual(['running', 'completed', 'running']);
  });

  it('says less of the session than the main transcript does', () => {
    const [fromAgent] = told('registers', observe([user('x', { cwd: '/elsewhere' })], agentPath));
    const [fromMain] = told('registers', observe([user('x')]));
    expect(fromAgent?.registers.projectPath?.value).toBe('/elsewhere');
    expect(fromAgent?.registers.projectPath?.at).toBeLessThan(fromMain?.registers.projectPath?.at ?? 0);
  });

  it('in the older layout belongs to the session its records name', () => {
    const old = 'projects/-home-dev-shop/agent-a1.jsonl';
    const seen = observe(
      [
        user('x', { sessionId: 'other' }),
        { type: 'user', message: { content: 'y' }, timestamp: '2026-03-01T09:00:00Z' },
      ],
      old,
    );
    expect(new Set(seen.map((one) => one.sessionId))).toEqual(new Set(['other']));
  });

  it('belongs to its path’s session, whatever its records say', () => {
    expect(
      new Set(observe([user('x', { sessionId: 'agent-a1' })], agentPath).map((one) => one.sessionId)),
    ).toEqual(new Set([sessionId]));
  });

  it('is described by its meta file', () => {
    const meta = {
      agentType: 'dev',
      description: 'probe',
      spawnDepth: 2,
      parentAgentId: 'a0',
      model: 'haiku',
    };
    expect(observe([meta], agentPath.replace('.jsonl', '.meta.json'))).toMatchObject([
      {
        type: 'agent',
        agentId: 'a1',
        sessionId,
        agentType: 'dev',
        description: 'probe',
        parentAgentId: 'a0',
        model: 'haiku',
        status: null,
      },
    ]);
  });

  it('of a workflow is told of by its journal', () => {
    const journal = [
      { type: 'launched' },
      { type: 'started', agentId: 'w1', label: 'ping', phase: 'Ping' },
      { type: 'result', agentId: 'w1', result: 'PONG' },
    ];
    const seen = observe(journal, `projects/-x/${sessionId}/subagents/workflows/wf_1/journal.jsonl`);
    const told = seen.map(
      (one) =>
        one.type === 'agent' && [one.agentId, one.parentAgentId, one.agentType, one.description, one.status],
    );
    expect(told).toEqual([
      ['wf_1', null, 'workflow', null, null],
      ['w1', 'wf_1', 'Ping', 'ping', 'running'],
      ['wf_1', null, 'workflow', null, null],
      ['w1', 'wf_1', null, null, 'completed'],
    ]);
  });

  it('launched by a workflow stands below it, unless its file names another parent', () => {
    const folder = `projects/-x/${sessionId}/subagents/workflows/wf_1`;
    const parent = (fields: object) =>
      told('agent', observe([{ agentType: 'Explore', ...fields }], `${folder}/agent-w1.meta.json`)).map(
        ({ parentAgentId }) => parentAgentId,
      );
    expect(parent({})).toEqual(['wf_1']);
    expect(parent({ parentAgentId: 'w0' })).toEqual(['w0']);
    const own = observe(
      [assistant([{ type: 'text', text: 'x' }], {}, { usage })],
      `${folder}/agent-w1.jsonl`,
    );
    expect(told('agent', own).map(({ agentId, parentAgentId }) => [agentId, parentAgentId])).toContainEqual([
      'w1',
      'wf_1',
    ]);
  });

  it('standing inside the main file is sidechain, and does not say what the session is at', () => {
    const side = assistant([{ type: 'text', text: 'Searching' }], { isSidechain: true }, { usage });
    expect(told('usage', observe([side]))[0]?.row.sidechain).toBe(true);
    expect(registersOf([side])['currentStep']).toBeUndefined();
  });
});
