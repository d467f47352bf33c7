import { stableHash, type TestIssue } from '@telltale/contracts';
import { parseInstant } from '../reading/instant';
import { storableId } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';

/** The run's folder on its host: `<folder>@<host>`. */
export function runId(folder: string, host: string): string {
  return storableId(`${folder}@${host}`);
}

/**
 * Names the run itself: the same in a copy of its folder, on whatever host, and another for another run. A folder's
 * name may state only the second it began, or nothing; then the run's first step tells it from others of that name.
 * Undefined while there may be a first step to come: what is counted must not count again under another key then.
 */
export function runKey(run: RunFolder, record: JsonObject, hasEnded: boolean): string | undefined {
  const { folder, host } = run;
  if (/[0-9]{13}|[0-9a-f]{8}-[0-9a-f]{4}-/i.test(folder)) return storableId(folder);
  const step = firstTime(record['action_timings']);
  if (step !== undefined) return storableId(`${folder}:${step}`);
  if (!hasEnded) return undefined;
  const picture = firstTime(record['screenshot_metadata']);
  return storableId(picture === undefined ? `${folder}@${host}` : `${folder}:${picture}`);
}

interface RunFolder {
  readonly folder: string;
  readonly host: string;
}

function firstTime(steps: unknown): string | undefined {
  const first = asText(asObject(asList(steps)[0])?.['timestamp']);
  return parseInstant(first) === undefined ? undefined : first;
}

export const actionKey = (run: string, index: number): string => `t:ui-test:${run}:${index}`;
export const answerKey = (run: string, index: number): string => `m:ui-test:${run}:${index}`;
export const usageKey = (run: string): string => `m:ui-test:${run}:usage`;

/** An issue is the same one in a report that is written again. */
export function issueKey(run: string, issue: TestIssue): string {
  return `e:ui-test:${run}:${issueHash(issue)}`;
}

/** Names an issue by what it says. */
export function issueHash({ type, description, at, actionIndex }: TestIssue): string {
  return stableHash(JSON.stringify([type, description, at, actionIndex]));
}
