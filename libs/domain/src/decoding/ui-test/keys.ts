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
 */
export function runKey(folder: string, host: string, record: JsonObject): string {
  if (/[0-9]{13}|[0-9a-f]{8}-[0-9a-f]{4}-/i.test(folder)) return storableId(folder);
  const first = firstTime(record['action_timings']) ?? firstTime(record['screenshot_metadata']);
  return storableId(first === undefined ? `${folder}@${host}` : `${folder}:${first}`);
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

export function issueHash({ type, description, at, actionIndex }: TestIssue): string {
  return stableHash(JSON.stringify([type, description, at, actionIndex]));
}
