import { decodeSource } from '../../testing';
import { uiTestDecoder } from './decoder';
import {
  at,
  attachment,
  began,
  final,
  folder,
  folderFile,
  picture,
  report,
  shown,
} from './testing/given-runs';

describe('a test run', () => {
  it('runs as soon as its folder is there, for as long as that takes', () => {
    expect(shown(folderFile)).toMatchObject({
      id: `${folder}@atlas`,
      nativeId: folder,
      title: folder,
      status: 'running',
      startedAt: began,
      endedAt: null,
      currentStep: 'Starting',
      project: null,
    });
  });

  it('runs while its report states no duration, although that says pass', () => {
    const { test_duration: _, ...placeholder } = final;
    const run = shown(folderFile, report({ ...placeholder, timestamp: '2025-11-05T04:24:51.000Z' }));
    expect(run).toMatchObject({
      status: 'running',
      title: 'www.htmlgames.com/game/Tic+Tac+Toe (tictactoe)',
      project: { path: 'https://www.htmlgames.com/game/Tic+Tac+Toe', name: 'Tic+Tac+Toe' },
      test: { result: 'running', durationMs: null, endedAt: null },
      lastActivityAt: '2025-11-05T04:24:51.000Z',
    });
  });

  it.each([
    ['pass', 'completed', 'Passed with a score of 85 %'],
    ['fail', 'failed', 'Failed: the page did not load'],
    ['exploded', 'failed', 'Failed: the page did not load'],
    [undefined, 'failed', 'Failed: the page did not load'],
  ])('that says %s has %s', (status, expected, step) => {
    const issues = status === 'pass' ? [] : [{ type: 'load_timeout', description: 'the page did not load' }];
    expect(shown(folderFile, report({ ...final, status, issues }))).toMatchObject({
      status: expected,
      currentStep: step,
      endedAt: final.timestamp,
      test: { result: status === 'pass' ? 'pass' : 'fail', durationMs: 13_000, playability: 0.85 },
    });
  });

  it('that took less than half a second has ended', () => {
    expect(shown(report({ ...final, test_duration: 0 })).status).toBe('completed');
  });

  it.each([null, '13', -1, Number.NaN, [], {}])('with a duration of %j runs', (test_duration) => {
    expect(shown(report({ ...final, test_duration })).status).toBe('running');
  });

  it('stays ended when files of it are written later', () => {
    const later = picture({ modifiedAt: Date.parse('2025-12-24T00:00:00Z') }, 'copied.png');
    const run = shown(report({ ...final, status: 'fail' }), later);
    expect(run).toMatchObject({ status: 'failed', endedAt: final.timestamp });
  });

  it('whose report is written anew shows the new one', () => {
    const again = { ...final, timestamp: '2025-11-05T04:26:00.000Z', status: 'fail', playability_score: 0.1 };
    expect(shown(report(final, again))).toMatchObject({ status: 'failed', test: { playability: 0.1 } });
  });

  it('began before its duration where nothing states it exactly', () => {
    const unnamed = at('session_nightly/output.json', 'file.appended', final);
    expect(shown(unnamed).startedAt).toBe('2025-11-05T04:24:55.067Z');
  });
});

describe('what a run did', () => {
  const timings = [
    {
      actionIndex: 0,
      executionTime: 166.4,
      timestamp: '2025-11-05T04:24:54.776Z',
      success: true,
      action: 'wait',
    },
    {
      actionIndex: 1,
      executionTime: 2485,
      timestamp: '2025-11-05T04:24:57.261Z',
      success: false,
      action: 'click',
      target: 'Play',
    },
    {
      actionIndex: 2,
      executionTime: 1051,
      timestamp: '2025-11-05T04:24:58.312Z',
      success: true,
      action: 'press',
      key: 'ArrowUp',
    },
  ];

  it('is a tool call a step, with its time and how it went', () => {
    const run = shown(folderFile, report({ ...final, test_duration: undefined, action_timings: timings }));
    expect(run.stats).toMatchObject({ toolCalls: 3, toolErrors: 1 });
    expect(run).toMatchObject({ phase: 'step 3', currentStep: 'Step 3: press ArrowUp' });
    expect(run.tools.map(({ name, calls, errors, totalMs }) => [name, calls, errors, totalMs])).toEqual([
      ['click', 1, 1, 2485],
      ['press', 1, 0, 1051],
      ['wait', 1, 0, 166],
    ]);
    expect(run.test?.actions[1]).toEqual({
      index: 1,
      action: 'click',
      target: 'Play',
      key: null,
      at: '2025-11-05T04:24:57.261Z',
      durationMs: 2485,
      success: false,
    });
  });

  it.each(['a\0b', '\t'])('has its full text as it is shown, whatever characters are in it: %j', (target) => {
    const file = report({ ...final, action_timings: [{ ...timings[1], target }] });
    const use = decodeSource(uiTestDecoder, file).observations.find(({ type }) => type === 'tool-use');
    if (use?.type !== 'tool-use') throw new Error('no step was told');
    const full = uiTestDecoder.fullText(file.lines[0] ?? '', use.key);
    expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(use.input));
  });

  it('is told by its pictures while no report tells of steps', () => {
    const run = shown(folderFile, picture());
    expect(run).toMatchObject({
      phase: 'end',
      currentStep: 'Screenshot end',
      lastActivityAt: '2025-11-05T04:24:58.502Z',
      stats: { screenshots: 1 },
    });
    const { test_duration: _, ...placeholder } = final;
    expect(shown(folderFile, picture(), report(placeholder)).currentStep).toBe('Screenshot end');
    const steps = { ...placeholder, action_timings: timings };
    expect(shown(folderFile, report(steps), picture()).currentStep).toBe('Step 3: press ArrowUp');
    expect(run.screenshots).toMatchObject([
      {
        filename: attachment.filename,
        label: 'end',
        at: '2025-11-05T04:24:58.502Z',
        step: null,
        bytes: 9585,
        width: 1296,
        height: 702,
      },
    ]);
  });

  it('is an error an issue, whichever way it is written', () => {
    const issue = {
      type: 'action_timeout',
      description: 'no Play',
      timestamp: '2025-11-05T04:24:57.000Z',
      actionIndex: 1,
    };
    const run = shown(report({ ...final, status: 'fail', issues: [issue, '1 action(s) failed', 7, null] }));
    expect(run.stats.errors).toBe(2);
    expect(run.test?.issues).toEqual([
      { type: 'action_timeout', description: 'no Play', at: '2025-11-05T04:24:57.000Z', actionIndex: 1 },
      { type: 'issue', description: '1 action(s) failed', at: null, actionIndex: null },
    ]);
    expect(run.errors).toContainEqual({
      at: '2025-11-05T04:24:57.000Z',
      kind: 'action_timeout',
      message: 'no Play',
    });
  });

  it('is a message an answer of an agent', () => {
    const agent_responses = [
      { message: 'Lost to the computer', stepsExecuted: 5 },
      { stepsExecuted: 1 },
      'Won',
    ];
    expect(shown(report({ ...final, agent_responses })).stats.messages).toBe(2);
  });
});

it('is its figures alone where a watcher sends no content', () => {
  const issues = [
    { type: 'action_failed', description: '        ', timestamp: final.timestamp, actionIndex: 0 },
  ];
  const action_timings = [
    {
      actionIndex: 0,
      executionTime: 5,
      timestamp: final.timestamp,
      success: false,
      action: 'click',
      target: '    ',
    },
  ];
  const blank = {
    ...final,
    url: '       ',
    config_path: '     ',
    status: 'fail',
    issues,
    action_timings,
    agent_responses: [{ message: '   ' }],
  };
  expect(shown(folderFile, report(blank))).toMatchObject({
    title: folder,
    project: null,
    status: 'failed',
    currentStep: 'Failed: action_failed',
    test: { url: null, configPath: null, actions: [{ action: 'click', target: null }] },
    stats: { toolCalls: 1, toolErrors: 1, errors: 1, messages: 1 },
  });
});
