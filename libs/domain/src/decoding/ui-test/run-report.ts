import type { TestAction, TestReport } from '@telltale/contracts';
import { jsonStart } from '../reading/json-text';
import { previewOf, storableName } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import { latestStep, placeOf, sentenceOf, titleOf, type Step } from './headline';
import { actionKey, answerKey, issueKey, runKey, usageKey } from './keys';
import { actionsOf, issuesOf, readReport } from './report';
import { timeInName } from './names';
import type { ReportTimes } from './report-times';
import type { Telling } from './telling';
import { usageRowOf } from './usage';

/** The tool itself goes no further than 100 steps. */
const mostActions = 1000;
const mostIssues = 200;
const mostAnswers = 100;

/**
 * What `output.json` tells. It is rewritten whole, so what is in it now replaces what was: its stamps lie beyond every
 * real time, and the projection moves them back to the fact's own; of two of one instant the one that tells of later
 * steps wins.
 */
const asOfTheFact = Number.MAX_SAFE_INTEGER;

/** Everything that a run's report tells: how it stands, its steps, issues, answers and usage. */
export function tellReport(telling: Telling, folder: string, record: JsonObject): void {
  const { test, times } = readReport(record);
  const { host } = telling.file;
  const at = times.endedAt ?? times.latest ?? times.startedAt ?? 0;
  const actions = actionsOf(record).slice(0, mostActions);
  // A folder's own name says it exactly.
  telling.active(timeInName(folder) ?? times.startedAt);
  telling.active(times.latest);
  telling.active(times.endedAt);
  tellRegisters(telling, folder, { test, times, last: latestStep(test, actions) });
  const run = runKey({ folder, host }, record, test.durationMs !== null);
  if (run === undefined) return;
  for (const action of actions) tellAction(telling, run, action);
  tellIssues(telling, record, { run, at });
  tellAnswers(telling, record, { run, at });
  tellUsage(telling, record, { run, at });
}

interface Told {
  readonly test: TestReport;
  readonly times: ReportTimes;
  readonly last: Step | undefined;
}

function tellRegisters(telling: Telling, folder: string, { test, times, last }: Told): void {
  const stamp = { at: asOfTheFact, order: times.latest ?? 0 };
  const outcome = { running: 'running', pass: 'completed', fail: 'failed' } as const;
  telling.register('nativeId', storableName(folder), stamp);
  telling.register('outcome', outcome[test.result], stamp);
  telling.register('test', test, stamp);
  telling.register('aiTitle', titleOf(test), stamp);
  telling.register('projectPath', placeOf(test.url) ?? test.configPath, stamp);
  telling.register('phase', last?.phase ?? null, stamp);
  telling.register('currentStep', sentenceOf(test) ?? last?.sentence ?? null, stamp);
  telling.tellRegisters(times.latest ?? 0);
}

/** A step is a tool call: so it counts, with its duration and whether it failed, by the kind of step. */
function tellAction(telling: Telling, run: string, action: TestAction): void {
  const { index, action: name, target, key, at, durationMs, success } = action;
  const endedAt = at === null ? 0 : Date.parse(at);
  const input = { ...(target === null ? {} : { target }), ...(key === null ? {} : { key }) };
  telling.say(Math.max(0, endedAt - (durationMs ?? 0)), {
    type: 'tool-use',
    key: actionKey(run, index),
    name,
    input: previewOf(jsonStart(input, 2048)).preview,
    model: null,
  });
  telling.say(endedAt, {
    type: 'tool-result',
    key: actionKey(run, index),
    isError: success === false,
    preview: '',
    durationMs,
  });
}

interface OfRun {
  readonly run: string;
  readonly at: number;
}

function tellIssues(telling: Telling, record: JsonObject, { run, at }: OfRun): void {
  for (const issue of issuesOf(record).slice(0, mostIssues)) {
    const key = issueKey(run, issue);
    const issuedAt = issue.at === null ? at : Date.parse(issue.at);
    telling.say(issuedAt, { type: 'error', key, kind: issue.type, message: issue.description });
  }
}

/** What agents said when they were done. */
function tellAnswers(telling: Telling, record: JsonObject, { run, at }: OfRun): void {
  for (const [index, value] of asList(record['agent_responses']).slice(0, mostAnswers).entries()) {
    const text = answerText(value);
    if (text === undefined) continue;
    telling.say(at, {
      type: 'assistant',
      key: answerKey(run, index),
      uuid: `${index}`,
      model: null,
      ...previewOf(text),
    });
  }
}

/** What an agent answered, a text or an object with a message; undefined where it is neither. */
export function answerText(value: unknown): string | undefined {
  return asText(value) ?? asText(asObject(value)?.['message']);
}

function tellUsage(telling: Telling, record: JsonObject, { run, at }: OfRun): void {
  const read = usageRowOf(asObject(record['llm_usage']) ?? asObject(record['cost_estimate']), at);
  if (read === undefined) return;
  if ('row' in read) return telling.say(at, { type: 'usage', messageKey: usageKey(run), row: read.row });
  telling.say(at, {
    type: 'error',
    key: `e:ui-test:${run}:usage`,
    kind: 'usage_unreadable',
    message: read.problem,
  });
}
