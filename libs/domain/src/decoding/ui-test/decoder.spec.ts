import type { Session } from '@telltale/contracts';
import { decodeSource, MemoryReadModel, type SourceFile } from '../../testing';
import { viewOf } from '../../projecting';
import { uiTestDecoder } from './decoder';

const root = '/srv/results';
const folder = 'session_1762316690033';
const began = '2025-11-05T04:24:50.033Z';
const at = (name: string, fact: SourceFile['fact'], ...lines: unknown[]): SourceFile => ({
  source: 'ui-test',
  host: 'atlas',
  root,
  path: `${root}/${name}`,
  fact,
  lines: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
});
const folderFile = at(folder, 'file.replaced', {
  element: 'run',
  value: { folder, createdAt: 1762316690500 },
});
const report = (...versions: unknown[]) => at(`${folder}/output.json`, 'file.appended', ...versions);
const attachment = {
  filename: 'end_2025-11-05T04-24-58.png',
  sha256: 'ab'.repeat(32),
  mediaType: 'image/png',
  bytes: 9585,
  width: 1296,
  height: 702,
  modifiedAt: Date.parse('2025-11-05T04:24:58.502Z'),
};
const picture = (changes: object = {}, name = attachment.filename) =>
  at(`${folder}/screenshots/${name}`, 'attachment.added', { ...attachment, filename: name, ...changes });

function shown(...files: SourceFile[]): Omit<Session, 'revision'> {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(uiTestDecoder, file).observations, 'ui-test');
  const [state, ...others] = [...model.sessions.values()];
  expect(others).toEqual([]);
  if (state === undefined) throw new Error('nothing was told');
  const { summary, detail } = viewOf(state, Date.parse('2026-01-01T00:00:00Z'));
  return { ...summary, ...detail };
}

const final = {
  url: 'https://www.htmlgames.com/game/Tic+Tac+Toe?lang=en',
  config_path: 'configs/tictactoe.json',
  timestamp: '2025-11-05T04:25:07.567Z',
  test_duration: 13,
  status: 'pass',
  playability_score: 0.85,
};

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

  it('has its full text as it is shown, whatever characters are in it', () => {
    const file = report({ ...final, action_timings: [{ ...timings[1], target: 'a\0b' }] });
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

describe("a run's tokens", () => {
  const usage = {
    totalCalls: 4,
    totalInputTokens: 1200,
    totalOutputTokens: 340,
    totalTokens: 1540,
    estimatedCost: 0.012345,
  };

  it('count as of an unknown model, beside what the tool says they cost', () => {
    const run = shown(report({ ...final, llm_usage: usage, cost_estimate: usage }));
    expect(run.stats).toMatchObject({
      tokens: { input: 1200, output: 340, total: 1540 },
      costUsd: null,
      reportedCostUsd: 0.012345,
      unpricedModels: ['unknown'],
    });
    expect(run.test?.llm).toEqual({
      calls: 4,
      inputTokens: 1200,
      outputTokens: 340,
      estimatedCostUsd: 0.012345,
    });
  });

  it('count once in a folder whose name is not exact, as its steps and pictures come to be told', () => {
    const { test_duration: _, ...running } = { ...final, llm_usage: usage, issues: ['slow'] };
    const screenshot_metadata = [{ filename: 'a.png', timestamp: '2025-11-05T04:24:54.000Z' }];
    const action_timings = [{ actionIndex: 0, timestamp: '2025-11-05T04:24:55.000Z', action: 'click' }];
    const versions = [
      running,
      { ...running, screenshot_metadata },
      { ...running, screenshot_metadata, action_timings },
      { ...running, test_duration: 13, screenshot_metadata, action_timings },
    ];
    const inexact = (...told: unknown[]) =>
      at('session_2025-11-05T04-24-50/output.json', 'file.appended', ...told);
    const once = shown(inexact(versions.at(-1))).stats;
    expect(once).toMatchObject({ errors: 1, toolCalls: 1, tokens: { total: 1540 } });
    expect(shown(inexact(...versions)).stats).toEqual(once);
    const withoutSteps = { ...running, test_duration: 13 };
    expect(shown(inexact(running, withoutSteps)).stats).toMatchObject({ errors: 1, tokens: { total: 1540 } });
  });

  it('for nothing have no price', () => {
    const run = shown(report({ ...final, cost_estimate: { ...usage, estimatedCost: 0 } }));
    expect(run.stats).toMatchObject({ tokens: { total: 1540 }, reportedCostUsd: null });
    expect(run.test?.llm?.estimatedCostUsd).toBeNull();
  });

  it.each([
    ['totalInputTokens', -5],
    ['totalOutputTokens', 0.5],
    ['totalInputTokens', 1e300],
    ['estimatedCost', -1],
  ])('with %s of %d are an error of the run, and nothing else is lost', (name, value) => {
    const run = shown(report({ ...final, llm_usage: { ...usage, [name]: value } }));
    expect(run).toMatchObject({ status: 'completed', stats: { errors: 1, tokens: { total: 0 } } });
    expect(run.errors).toMatchObject([{ kind: 'usage_unreadable' }]);
  });
});

describe('pictures', () => {
  it('of one name are the one written last', () => {
    const newer = { modifiedAt: attachment.modifiedAt + 300, sha256: 'cd'.repeat(32), bytes: 77 };
    const [screenshot, ...others] = shown(folderFile, picture(newer), picture()).screenshots;
    expect(others).toEqual([]);
    expect(screenshot).toMatchObject({ bytes: 77 });
    expect(screenshot?.url).toMatch(/^\/api\/screenshots\/[0-9a-f]{32}\?v=cdcdcdcdcdcd$/);
  });

  it('of one name are the one written last, whatever time the name states and whichever picture sorts first', () => {
    const [first, hour] = [attachment.modifiedAt, 3_600_000];
    for (const sha256 of ['00'.repeat(32), 'ff'.repeat(32)]) {
      const written = picture({ modifiedAt: first + hour, sha256, bytes: 77 });
      const again = picture({ modifiedAt: first + 2 * hour, sha256: '77'.repeat(32), bytes: 78 });
      for (const files of [
        [picture(), written, again],
        [again, written, picture()],
      ]) {
        const [screenshot] = shown(folderFile, ...files).screenshots;
        expect(screenshot).toMatchObject({ bytes: 78, at: '2025-11-05T04:24:58.000Z' });
      }
    }
  });

  it('that were left out are an error that says why', () => {
    const refused = {
      filename: 'huge.png',
      refused: 'too-large',
      bytes: 99,
      limitBytes: 50,
      modifiedAt: 1762316694000,
    };
    const line = { element: 'screenshots/huge.png', value: refused };
    const run = shown(folderFile, at(`${folder}/screenshots/huge.png`, 'file.replaced', line));
    expect(run).toMatchObject({
      stats: { screenshots: 0, errors: 1 },
      errors: [
        {
          kind: 'screenshot_refused',
          message: 'huge.png is not shown: it has 99 bytes, more than the limit of 50',
        },
      ],
    });
  });

  it.each([
    [{ sha256: '../../etc/passwd' }, /^attachment: sha256: /],
    [{ mediaType: 'text/html' }, /^attachment: mediaType: /],
    [{ bytes: 0 }, /^attachment: bytes: /],
    [{ width: -1 }, /^attachment: width: /],
  ])('%j: a failure with its reason', (changes, reason) => {
    const { outcomes, observations } = decodeSource(uiTestDecoder, picture(changes));
    expect(outcomes).toEqual([{ ok: false, reason: expect.stringMatching(reason) as string }]);
    expect(observations).toEqual([]);
  });
});

describe('what a line may be', () => {
  it.each([
    ['{"url":', /^not JSON/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
  ])('%s: a failure with its reason', (line, reason) => {
    expect(decodeSource(uiTestDecoder, report(line)).outcomes).toEqual([
      { ok: false, reason: expect.stringMatching(reason) as string },
    ]);
  });

  it.each([
    'logs/console.log',
    'screenshots/notes.txt',
    'screenshots/.hidden.png',
    'screenshots/deep/a.png',
    'other.json',
  ])('of %s: nothing', (name) => {
    const { outcomes, observations } = decodeSource(
      uiTestDecoder,
      at(`${folder}/${name}`, 'file.appended', final),
    );
    expect([outcomes, observations]).toEqual([[{ ok: true }], []]);
  });

  it('tells the parts of a run apart', () => {
    const roles = [folder, `${folder}/output.json`, `${folder}/screenshots/a.PNG`, `${folder}/logs/a`].map(
      (name) => uiTestDecoder.roleOf({ root, path: `${root}/${name}` }),
    );
    expect(roles).toEqual(['folder', 'main', 'screenshot', 'other']);
  });
});
