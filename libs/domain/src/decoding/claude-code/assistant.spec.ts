import { agentPath, assistant, observe, record, registersOf, told } from '../../testing/given-records';

const usage = {
  input_tokens: 5,
  output_tokens: 7,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 11,
};
const rowOf = (usageFields: object, fields = {}, path?: string) =>
  told('usage', observe([assistant([], fields, { usage: { ...usage, ...usageFields } })], path))[0]?.row;

describe('an assistant record', () => {
  it('tells its message, its usage and its time', () => {
    const seen = observe([assistant([{ type: 'text', text: 'Hello\nyou' }], {}, { usage })]);
    expect(told('activity', seen)).toMatchObject([{ at: Date.UTC(2026, 2, 1, 9), agentId: null }]);
    expect(told('assistant', seen)).toMatchObject([
      { key: 'm:msg_1', uuid: 'u1', model: 'claude-opus-4-6', preview: 'Hello\nyou', truncated: false },
    ]);
    expect(told('usage', seen)).toMatchObject([
      { messageKey: 'm:msg_1', row: { requestId: 'req_1', sidechain: false, uuid: 'u1', speed: null } },
    ]);
  });

  it('counts cache writes without a breakdown as 5-minute ones', () => {
    expect(rowOf({})?.tokens).toEqual({
      input: 5,
      output: 7,
      cacheWrite5m: 30,
      cacheWrite1h: 0,
      cacheRead: 11,
      reasoning: 0,
      total: 53,
    });
  });

  it('reads the breakdown, speed, thinking and searches, and does not add iterations', () => {
    const row = rowOf({
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      speed: 'fast',
      output_tokens_details: { thinking_tokens: 4 },
      server_tool_use: { web_search_requests: 2 },
      iterations: [{ input_tokens: 1000 }],
    });
    expect(row).toMatchObject({
      speed: 'fast',
      webSearches: 2,
      tokens: { cacheWrite5m: 10, cacheWrite1h: 20, reasoning: 4, total: 53 },
    });
  });

  it('is keyed by its uuid where it lacks a message id, and by its line where it lacks both', () => {
    const nameless = { message: { model: 'm', content: 'hi', usage } };
    expect(told('usage', observe([record('assistant', nameless)]))[0]).toMatchObject({
      messageKey: 'm:u1',
      row: { requestId: null },
    });
    const [a, b] = [
      { ...nameless, uuid: null },
      { ...nameless, uuid: null, extra: 1 },
    ].map((fields) => told('usage', observe([record('assistant', fields)]))[0]);
    expect(a?.messageKey).toMatch(/^m:~[0-9a-f]{16}$/);
    expect(b?.messageKey).not.toBe(a?.messageKey);
  });

  it('is sidechain in a subagent file, whatever it says of itself', () => {
    expect(rowOf({}, { isSidechain: false }, agentPath)).toMatchObject({ sidechain: true, agentId: 'a1' });
  });

  it('is an error, no message and no usage, where the API failed or the tool wrote it', () => {
    const failed = assistant(
      [{ type: 'text', text: 'API Error: 529' }],
      { isApiErrorMessage: true, error: 'overloaded' },
      { usage },
    );
    const synthetic = assistant(
      [{ type: 'text', text: 'No response requested.' }],
      { uuid: 'u2' },
      { model: '<synthetic>', usage },
    );
    const seen = observe([failed, synthetic]);
    expect(told('error', seen)).toMatchObject([
      { key: 'e:u1', kind: 'overloaded', message: 'API Error: 529' },
      { key: 'e:u2', kind: 'synthetic' },
    ]);
    expect([...told('assistant', seen), ...told('usage', seen)]).toEqual([]);
  });

  it('tells each tool use once with its input, also without ids', () => {
    const uses = [
      { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
      { type: 'tool_use', name: 'Read', input: {} },
      { type: 'tool_use', name: 'Read', input: null },
    ];
    expect(
      told('tool-use', observe([assistant(uses)])).map(({ key, name, input }) => [key, name, input]),
    ).toEqual([
      ['t:toolu_1', 'Bash', '{"command":"ls"}'],
      ['t:u1', 'Read', '{}'],
      ['t:u1:2', 'Read', '{}'],
    ]);
  });
});

describe('the current step', () => {
  const stepOf = (name: string, input: object) =>
    registersOf([assistant([{ type: 'tool_use', id: 't', name, input }])])['currentStep'];
  it.each([
    ['Edit', { file_path: '/home/dev/shop/src/cart/reserve.ts' }, 'Editing src/cart/reserve.ts'],
    ['Read', { file_path: '/etc/hosts' }, 'Reading /etc/hosts'],
    ['Bash', { command: 'npm test\necho done' }, 'Running npm test'],
    ['Bash', { command: 'cat \\\n  a.txt' }, 'Running cat    a.txt'],
    ['Grep', { pattern: 'retry' }, 'Searching for retry'],
    ['AskUserQuestion', { questions: [{ question: 'Which one?' }] }, 'Asking: Which one?'],
    ['TodoWrite', { todos: [{ content: 'a', status: 'in_progress', activeForm: 'Doing a' }] }, 'Doing a'],
    ['mcp__linear__get_issue', {}, 'Using get_issue (linear)'],
    ['Bash', { command: 5 }, 'Using Bash'],
    ['toString', {}, 'Using toString'],
  ])('%s %j', (name, input, step) => expect(stepOf(name, input)).toBe(step));

  it('is short', () => {
    expect(stepOf('Edit', { file_path: `/x/${'deep/'.repeat(100)}end.ts` })).toHaveLength(149);
    expect(stepOf('Bash', { command: 'x'.repeat(999) })).toHaveLength(160);
  });

  it('is what the agent says where it uses no tool, and is the main agent’s only', () => {
    const said = assistant([{ type: 'text', text: '\nAll green.\nMore' }]);
    expect(registersOf([said])['currentStep']).toBe('All green.');
    expect(registersOf([said], agentPath)['currentStep']).toBeUndefined();
  });
});

describe('the end of a turn', () => {
  it('is told by end_turn and taken back by what follows', () => {
    const ended = assistant([], {}, { stop_reason: 'end_turn' });
    expect(registersOf([ended])['turnEnded']).toBe(true);
    expect(registersOf([ended, assistant([])])['turnEnded']).toBe(false);
    expect(
      registersOf([assistant([]), record('system', { subtype: 'turn_duration', durationMs: 5 })])[
        'turnEnded'
      ],
    ).toBe(true);
  });
});
