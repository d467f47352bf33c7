import type { TestAction, TestIssue, TestReport } from '@telltale/contracts';
import { parseInstant } from '../reading/instant';
import { shortened, storable, storableId, storableName } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import { reportTimes, type ReportTimes } from './report-times';

/** How much of a report is shown on its session's page; all of it stands in the log. */
const shown = { issues: 100, actions: 200, pictures: 500, figures: 20, description: 500 };

/** A day: longer no action takes. */
const longestMs = 86_400_000;

export interface ReadReport {
  readonly test: TestReport;
  readonly times: ReportTimes;
}

/** Everything of an `output.json` by its documented types; what is of another type is absent. */
export function readReport(record: JsonObject): ReadReport {
  const times = reportTimes(record);
  const { startedAt, endedAt, durationMs } = times;
  const usage = asObject(record['llm_usage']) ?? asObject(record['cost_estimate']);
  const test: TestReport = {
    url: nameOf(record['url']),
    configPath: nameOf(record['config_path']),
    result: durationMs === null ? 'running' : passed(record['status']) ? 'pass' : 'fail',
    durationMs,
    endedAt: durationMs === null ? null : iso(endedAt ?? startedAt),
    // The placeholder of a run under way says 0, which is no score.
    playability: durationMs === null ? null : (figure(record['playability_score']) ?? null),
    scores: figures(record['evaluation']),
    issues: issuesOf(record).slice(0, shown.issues),
    actions: actionsOf(record).slice(0, shown.actions),
    methods: figures(record['action_methods']),
    llm: usage === undefined ? null : usageOf(usage),
    pictures: picturesOf(record),
  };
  return { test, times };
}

/** Earlier versions wrote plain texts. */
export function issuesOf(record: JsonObject): TestIssue[] {
  return asList(record['issues']).flatMap((value): TestIssue[] => {
    const plain = asText(value);
    const issue = asObject(value);
    if (plain === undefined && issue === undefined) return [];
    return [
      {
        type: storableName(asText(issue?.['type']) ?? 'issue'),
        description: description(plain ?? issue?.['description']),
        at: iso(parseInstant(issue?.['timestamp'])),
        actionIndex: index(issue?.['actionIndex']) ?? null,
      },
    ];
  });
}

/** In the order they are listed; `index` is the place in the list where the record states none. */
export function actionsOf(record: JsonObject): TestAction[] {
  return asList(record['action_timings']).flatMap((value, place): TestAction[] => {
    const timing = asObject(value);
    if (timing === undefined) return [];
    const duration = figure(timing['executionTime']);
    return [
      {
        index: index(timing['actionIndex']) ?? place,
        action: storableName(asText(timing['action']) ?? 'action'),
        target: textOf(timing['target']),
        key: textOf(timing['key']),
        at: iso(parseInstant(timing['timestamp'])),
        durationMs: duration === undefined || duration > longestMs ? null : Math.round(duration),
        success: typeof timing['success'] === 'boolean' ? timing['success'] : null,
      },
    ];
  });
}

/** A report says `pass` or `fail`; one that says neither has not passed. */
function passed(status: unknown): boolean {
  return typeof status === 'string' && /^pass(ed)?$/i.test(status);
}

function usageOf(usage: JsonObject): NonNullable<TestReport['llm']> {
  const input = count(usage['totalInputTokens']) ?? 0;
  const output = count(usage['totalOutputTokens']) ?? 0;
  const cost = figure(usage['estimatedCost']);
  return {
    calls: count(usage['totalCalls']) ?? 0,
    inputTokens: input,
    outputTokens: output,
    // Tokens for nothing: the tool did not work their price out.
    estimatedCostUsd: cost === undefined || cost > 1e6 || (cost === 0 && input + output > 0) ? null : cost,
  };
}

function picturesOf(record: JsonObject): TestReport['pictures'] {
  const notes = asList(record['screenshot_metadata']).flatMap((value) => {
    const note = asObject(value);
    const filename = asText(note?.['filename']);
    if (note === undefined || filename === undefined) return [];
    const step = figure(note['stepIndex'], -1);
    const about = {
      label: textOf(note['label']),
      at: iso(parseInstant(note['timestamp'])),
      step: step === undefined ? null : Math.trunc(step),
    };
    return [[storableId(filename), about] as const];
  });
  return Object.fromEntries(notes.slice(-shown.pictures));
}

/** The numbers of an object, by name. */
function figures(value: unknown): Record<string, number> {
  const entries = Object.entries(asObject(value) ?? {}).flatMap(([name, one]) => {
    const known = figure(one);
    return known === undefined ? [] : [[storableName(name), known] as const];
  });
  return Object.fromEntries(entries.slice(0, shown.figures));
}

/** A finite number from `least` on. */
function figure(value: unknown, least = 0): number | undefined {
  return typeof value === 'number' && value >= least && value <= 1e15 ? value : undefined;
}

function count(value: unknown): number | undefined {
  const known = figure(value);
  return known === undefined ? undefined : Math.trunc(known);
}

/** A list's index, small enough to be one. */
function index(value: unknown): number | undefined {
  const known = figure(value);
  return known === undefined || known > 1e6 ? undefined : Math.trunc(known);
}

function nameOf(value: unknown): string | null {
  const text = saidText(value);
  return text === undefined ? null : storableName(text);
}

function textOf(value: unknown): string | null {
  const text = saidText(value);
  return text === undefined ? null : description(text);
}

/** Text that says something; undefined for anything else. Blanks stand in place of what its owner keeps back. */
export function saidText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}

function description(value: unknown): string {
  return typeof value === 'string'
    ? shortened(storable(value.slice(0, 4 * shown.description)), shown.description)
    : '';
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
