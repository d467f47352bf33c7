import { parseInstant } from '../reading/instant';
import { asList, asObject, type JsonObject } from '../reading/values';

/** All in epoch milliseconds. */
export interface ReportTimes {
  /** At the latest, where only end and duration are stated. */
  readonly startedAt: number | undefined;
  /** Of a run that has ended. */
  readonly endedAt: number | undefined;
  /** Null while it runs. */
  readonly durationMs: number | null;
  /** The latest of all times the report states: rises while the run goes on. */
  readonly latest: number | undefined;
}

/** A year: what states more is no duration. */
const longestSeconds = 31_536_000;
/** The report is stamped a moment after its last step, or rounded before it. */
const slackMs = 2000;
/** Durations are rounded to seconds: a run began at the latest so much after what its duration says. */
const roundedMs = 500;

/**
 * When a run began and ended. The placeholder's `timestamp` is its start; the final report's is its end, which its
 * steps prove. A report without `test_duration` is of a run that goes on.
 */
export function reportTimes(record: JsonObject): ReportTimes {
  const stamped = parseInstant(record['timestamp']);
  const steps = ['action_timings', 'screenshot_metadata']
    .flatMap((name) => asList(record[name]))
    .flatMap((step) => parseInstant(asObject(step)?.['timestamp']) ?? []);
  const last = latestOf(steps);
  const durationMs = durationOf(record['test_duration']);
  if (durationMs === null || stamped === undefined)
    return {
      startedAt: stamped ?? (steps.length > 0 ? earliestOf(steps) : undefined),
      endedAt: durationMs === null ? undefined : last,
      durationMs,
      latest: latestOf([...steps, ...(stamped === undefined ? [] : [stamped])]),
    };
  const isEnd = last === undefined || stamped + slackMs >= last;
  const [startedAt, endedAt] = isEnd
    ? [stamped - durationMs + roundedMs, stamped]
    : [stamped, stamped + durationMs];
  return {
    startedAt: parseInstant(earliestOf([startedAt, ...steps])),
    endedAt: parseInstant(endedAt),
    durationMs,
    latest: latestOf([...steps, endedAt]),
  };
}

function durationOf(value: unknown): number | null {
  const isDuration = typeof value === 'number' && value >= 0 && value <= longestSeconds;
  return isDuration ? Math.round(value * 1000) : null;
}

/** Lists may be longer than a call takes arguments. */
function latestOf(times: readonly number[]): number | undefined {
  return times.reduce<number | undefined>((latest, at) => Math.max(latest ?? 0, at), undefined);
}

function earliestOf(times: readonly number[]): number | undefined {
  return times.reduce<number | undefined>((earliest, at) => Math.min(earliest ?? Infinity, at), undefined);
}
