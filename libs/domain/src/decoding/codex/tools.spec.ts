import {
  codexEvent,
  codexItem,
  codexMeta,
  codexRegisters,
  codexTold,
  codexTurn,
  ofType,
} from '../../testing/given-codex';

const id = 'call_ZoOjhDI1rQBVRUGOfz7WQRmH';
const call = (name: string, input: object, more: object = {}) =>
  codexItem('function_call', { name, arguments: JSON.stringify(input), call_id: id, ...more });
const output = (value: unknown, more: object = {}) =>
  codexItem('function_call_output', { call_id: id, output: value, ...more });
const resultsOf = (...lines: string[]) => ofType('tool-result', codexTold([codexTurn(), ...lines]));

describe('calls and results', () => {
  it.each<[unknown, boolean, string]>([
    ['Chunk ID: 09\nWall time: 0.1 seconds\nProcess exited with code 0\nOutput:\nok', false, 'Output:\nok'],
    ['Chunk ID: 09\nWall time: 0.1 seconds\nProcess exited with code 2\nOutput:\n', true, 'code 2'],
    ['Exit code: 1\nWall time: 0 seconds\nOutput:\nfailed', true, 'failed'],
    ['Process running with session ID 5992', false, '5992'],
    ['aborted by user after 7.2s', true, 'aborted'],
    ['{"output":"a.txt\\n","metadata":{"exit_code":0,"duration_seconds":0.1}}', false, 'a.txt'],
    ['{"output":"no","metadata":{"exit_code":127}}', true, 'no'],
    ['{"output": not JSON', false, 'not JSON'],
    [{ content: 'no', success: false }, true, 'no'],
    [[{ type: 'input_text', text: 'a' }, { type: 'input_image' }], false, 'a\n[input_image]'],
    [{ type: 'input_text', text: 'a.txt' }, false, 'a.txt'],
    [null, false, ''],
    [5, false, ''],
  ])('the output %j', (value, isError, text) => {
    const [result] = resultsOf(call('exec_command', {}), output(value));
    expect(result).toMatchObject({ key: `t:${id}`, isError });
    expect(result?.preview).toContain(text);
  });

  it('an MCP server’s own report tells the duration and whether it failed', () => {
    const end = (result: object) =>
      codexEvent('mcp_tool_call_end', { call_id: id, duration: { secs: 1, nanos: 5e8 }, result });
    expect(
      resultsOf(end({ Ok: { content: [{ type: 'text', text: 'done' }], isError: false } })),
    ).toMatchObject([{ key: `t:${id}`, isError: false, preview: 'done', durationMs: 1500 }]);
    expect(resultsOf(end({ Err: 'no such tool' }))).toMatchObject([
      { isError: true, preview: 'no such tool' },
    ]);
    expect(resultsOf(end({ Ok: { content: [], isError: true } }))).toMatchObject([{ isError: true }]);
  });

  it('patches and commands, told by events', () => {
    const patch = codexEvent('patch_apply_end', {
      call_id: id,
      success: false,
      stdout: '',
      stderr: 'conflict',
    });
    const command = codexEvent('exec_command_end', { call_id: id, exit_code: 1, aggregated_output: 'bad' });
    expect(resultsOf(patch, command)).toMatchObject([
      { isError: true, preview: 'conflict' },
      { isError: true, preview: 'bad' },
    ]);
  });

  it('the look-up of tools is no call, and events of calls are none of their own', () => {
    const lines = [
      codexItem('tool_search_call', { call_id: 'call_8RCQeoQDx8z9lvqEp6APvdfc', arguments: { query: 'js' } }),
      codexEvent('web_search_end', { call_id: 'ws_1', query: 'x' }),
      codexEvent('mcp_tool_call_end', { call_id: id, result: {} }),
    ];
    expect(ofType('tool-use', codexTold(lines))).toEqual([]);
  });

  it('ids that others may have are told apart by turn and content, and their results find them', () => {
    const local = (cmd: string) =>
      codexItem('function_call', { name: 'shell', arguments: `{"command":["${cmd}"]}`, call_id: 'call_0' });
    const answer = codexItem('function_call_output', { call_id: 'call_0', output: 'ok' });
    const told = codexTold([codexTurn(), local('a'), answer, local('a'), answer, local('b'), answer]);
    const uses = ofType('tool-use', told).map(({ key }) => key);
    expect(new Set(uses).size).toBe(3);
    expect(ofType('tool-result', told).map(({ key }) => key)).toEqual(uses);
  });

  it('a result of a call that was not seen is nobody’s, unless its id is unique', () => {
    expect(resultsOf(codexItem('function_call_output', { call_id: 'call_0', output: 'ok' }))).toEqual([]);
    expect(resultsOf(output('ok'))).toHaveLength(1);
  });
});

describe('objectives', () => {
  const plan = (...steps: object[]) => call('update_plan', { explanation: 'x', plan: steps });

  it('are the steps of the last plan', () => {
    const lines = [
      plan({ step: 'Look', status: 'pending' }),
      plan({ step: 'Look', status: 'completed' }, { step: 'Do', status: 'in_progress' }, { step: 'Say' }, {}),
    ];
    expect(codexRegisters(lines).todoList).toEqual([
      { text: 'Look', status: 'completed' },
      { text: 'Do', status: 'active' },
      { text: 'Say', status: 'pending' },
    ]);
  });

  it('and the goal of the thread', () => {
    const goal = (status: string) =>
      codexEvent('thread_goal_updated', { goal: { objective: 'Ship', status } });
    const told = ofType('objective', codexTold([codexMeta(), goal('active'), goal('complete')]));
    expect(told.map(({ id: name, text, status }) => [name, text, status])).toEqual([
      ['goal', 'Ship', 'active'],
      ['goal', 'Ship', 'completed'],
    ]);
  });
});

describe('the current step', () => {
  const step = (...lines: string[]) => codexRegisters([codexMeta(), ...lines]).currentStep;

  it.each<[string, object, string]>([
    ['exec_command', { cmd: 'npm test', workdir: '/home/dev/shop' }, 'Running npm test'],
    ['shell', { command: ['bash', '-lc', 'npm test \\\n -- cart'] }, 'Running npm test   -- cart'],
    ['shell', { command: ['ls', '-la'] }, 'Running ls -la'],
    ['write_stdin', { session_id: 1 }, 'Watching a background command'],
    ['view_image', { path: '/home/dev/shop/a.png' }, 'Looking at a.png'],
    ['update_plan', { plan: [{ step: 'Cover it', status: 'in_progress' }] }, 'Cover it'],
    ['update_plan', { plan: [] }, 'Updating the plan'],
    ['request_user_input', { questions: [{ question: 'Which one?' }] }, 'Asking: Which one?'],
    ['spawn_agent', { message: 'Look into the cart' }, 'Delegating: Look into the cart'],
    ['exec_command', {}, 'Using exec_command'],
    ['constructor', {}, 'Using constructor'],
  ])('%s %j', (name, input, words) => expect(step(call(name, input))).toBe(words));

  it('of a tool of an MCP server', () =>
    expect(step(call('js', {}, { namespace: 'mcp__node_repl' }))).toBe('Using js (node_repl)'));

  it.each([
    ['*** Begin Patch\n*** Update File: /home/dev/shop/src/cart.ts\n@@', 'Editing src/cart.ts'],
    ['*** Begin Patch\n*** Add File: src/new.ts\n+a', 'Writing src/new.ts'],
    ['*** Begin Patch\n*** Delete File: old.ts', 'Deleting old.ts'],
    ['no patch', 'Using apply_patch'],
  ])('of the patch %j', (input, words) =>
    expect(step(codexItem('custom_tool_call', { name: 'apply_patch', call_id: id, input }))).toBe(words),
  );

  it.each([
    [{ type: 'search', query: 'token bucket' }, 'Searching the web for token bucket'],
    [{ type: 'search', queries: ['a', 'b'] }, 'Searching the web for a'],
    [{ type: 'open_page', url: 'https://example.org' }, 'Reading https://example.org'],
    [{}, 'Using web_search'],
  ])('of the search %j', (action, words) =>
    expect(step(codexItem('web_search_call', { status: 'completed', action }))).toBe(words),
  );

  it('is what the agent says between', () =>
    expect(step(codexEvent('agent_message', { message: 'I look first.\nThen…' }))).toBe('I look first.'));
});
