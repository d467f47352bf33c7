import { itemsAfter, part, partId, session, shownAfter, started, told } from './testing/given-elements';

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
