import type { SessionState } from '../projecting/session-state';
import { traceItems, type ItemTrace } from './trace-items';
import { traceObjectives, tracePrice, traceScreenshots } from './trace-said';
import { judgeUsage, traceUsage, type UsageTrace } from './trace-usage';
import { compareTraced, type Traced, type TracedFigure } from './traced';

/** All that is known of a session's records: what they state, and what became of it. */
export interface SessionTrace extends UsageTrace, ItemTrace {
  readonly state: SessionState;
}

/**
 * Every record that could count for a figure of the session, each with a verdict, in order of time. The values of
 * those that are counted sum to the figure in the session's summary; costs as whole pico-dollars.
 */
export function traceFigure(trace: SessionTrace, figure: TracedFigure): Traced[] {
  return recordsOf(trace, figure).sort(compareTraced);
}

function recordsOf(trace: SessionTrace, figure: TracedFigure): Traced[] {
  const { statements, state } = trace;
  switch (figure) {
    case 'messages':
    case 'prompts':
    case 'toolCalls':
    case 'toolErrors':
    case 'errors':
      return traceItems(trace, figure);
    case 'screenshots':
      return traceScreenshots(statements, state);
    case 'objectives':
      return traceObjectives(statements, state);
    case 'reportedCostUsd': {
      const whole = tracePrice(statements, state);
      return [...whole, ...traceUsage(judgeUsage(trace), figure, whole.length > 0)];
    }
    default:
      return traceUsage(judgeUsage(trace), figure, false);
  }
}
