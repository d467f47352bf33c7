import { agentPath, assistant, observe, registersOf, told, user } from '../../testing/given-records';

describe('a typed prompt', () => {
  it('is told with its text, and gives the first title', () => {
    const seen = observe([
      user([
        { type: 'text', text: 'Add a retry' },
        { type: 'image', source: {} },
      ]),
      user('And now?', { uuid: 'u2' }),
    ]);
    expect(told('prompt', seen)).toMatchObject([
      { key: 'p:u1', preview: 'Add a retry', images: 1 },
      { key: 'p:u2', preview: 'And now?', images: 0 },
    ]);
    expect(registersOf([user('Add a retry'), user('And now?')])['firstPrompt']).toBe('Add a retry');
  });

  it('is titled by its own words, not by what an editor put before them', () => {
    const prompt = user([
      { type: 'text', text: '<ide_opened_file>a.ts</ide_opened_file>' },
      { type: 'text', text: 'Fix it' },
    ]);
    expect(registersOf([prompt])['firstPrompt']).toBe('Fix it');
  });

  it.each([
    ['a command', user('<command-name>/clear</command-name>')],
    ['a command’s message', user('<command-message>x</command-message>')],
    ['a command’s output', user('<local-command-stdout>x</local-command-stdout>')],
    ['a shell command', user('<bash-input>ls</bash-input>')],
    ['a notification', user('<task-notification>done</task-notification>')],
    ['an interruption', user([{ type: 'text', text: '[Request interrupted by user for tool use]' }])],
    ['a note of the tool', user('Base directory', { isMeta: true })],
    ['a summary', user('This session is being continued', { isCompactSummary: true })],
    ['a sidechain’s prompt', user('Find it', { isSidechain: true })],
    ['somebody else’s', user('Wake up', { origin: { kind: 'task-notification' } })],
    [
      'a result',
      user([
        { type: 'tool_result', tool_use_id: 't', content: 'x' },
        { type: 'text', text: 'hi' },
      ]),
    ],
    ['nothing', user(null)],
  ])('is not %s', (_, record) => expect(told('prompt', observe([record]))).toEqual([]));

  it('is not what a subagent is told', () =>
    expect(told('prompt', observe([user('Find it')], agentPath))).toEqual([]));
  it('is a person’s where that is said', () =>
    expect(told('prompt', observe([user('Hi', { origin: { kind: 'human' } })]))).toHaveLength(1));
});

describe('an interruption', () => {
  it('is an error, and ends the turn', () => {
    const records = [
      assistant([]),
      user([{ type: 'text', text: '[Request interrupted by user]' }], { uuid: 'u2' }),
    ];
    expect(told('error', observe(records))).toMatchObject([{ key: 'e:u2', kind: 'interrupted' }]);
    expect(registersOf(records)['turnEnded']).toBe(true);
  });
});

describe('a tool result', () => {
  const result = (fields: object, more: object = {}) =>
    told(
      'tool-result',
      observe([user([{ type: 'tool_result', tool_use_id: 'toolu_1', ...fields }], more)]),
    )[0];

  it('answers its use by id, with its text, error and duration', () => {
    expect(result({ content: 'Exit code 1', is_error: true })).toMatchObject({
      key: 't:toolu_1',
      isError: true,
      preview: 'Exit code 1',
      durationMs: null,
    });
    expect(result({ content: [{ type: 'text', text: 'a' }, { type: 'image' }] })).toMatchObject({
      isError: false,
      preview: 'a\n[image]',
    });
    expect(result({ content: '' }, { toolUseResult: { durationMs: 12.7 } })?.durationMs).toBe(12);
    expect(result({ content: '' }, { toolUseResult: { durationSeconds: 1.5 } })?.durationMs).toBe(1500);
    expect(result({ content: '' }, { toolUseResult: { durationMs: 1e300 } })?.durationMs).toBeNull();
  });

  it('without an id answers the use of the record it names', () => {
    expect(result({ tool_use_id: undefined }, { sourceToolAssistantUUID: 'a1' })?.key).toBe('t:a1');
  });
});

describe('the phase', () => {
  it('is the permission mode, unless another mode than the usual one is on', () => {
    const mode = (value: string) => ({ type: 'mode', mode: value });
    const permission = (value: string) => ({ type: 'permission-mode', permissionMode: value });
    expect(registersOf([permission('plan'), mode('normal')])['phase']).toBe('plan');
    expect(registersOf([permission('plan'), mode('research')])['phase']).toBe('research');
    expect(registersOf([mode('normal'), user('hi', { permissionMode: 'acceptEdits' })])['phase']).toBe(
      'acceptEdits',
    );
  });
});
