import { previewOf } from '../reading/text';
import { asCount, asObject, asText, type JsonObject } from '../reading/values';
import { outputText, wrapped } from './content';
import { resultKey } from './keys';
import type { LineReading } from './line-reading';

/** What an integer column holds. */
const longestMs = 2 ** 31 - 1;
/** The tool puts its own words before the output. */
const headLength = 400;

/** What a call answered. */
export function readOutput(reading: LineReading): void {
  const { payload } = reading;
  const output = payload['output'] ?? payload['result'];
  say(reading, { text: outputText(output), isError: isFailure(output), durationMs: null });
}

/** Events that tell more of a call's end than its output does: whether it failed and how long it took. */
export function readCallEnd(reading: LineReading): void {
  const { payload } = reading;
  switch (payload['type']) {
    case 'mcp_tool_call_end':
      return say(reading, mcpEnd(payload));
    case 'patch_apply_end':
      return say(reading, {
        text: shellText(payload),
        isError: payload['success'] === false,
        durationMs: null,
      });
    default: {
      const exit = payload['exit_code'];
      const isError = typeof exit === 'number' && exit !== 0;
      say(reading, { text: shellText(payload), isError, durationMs: duration(payload) });
    }
  }
}

interface Result {
  readonly text: string;
  readonly isError: boolean;
  readonly durationMs: number | null;
}

function say(reading: LineReading, { text, isError, durationMs }: Result): void {
  const key = resultKey(reading, reading.payload);
  if (key === undefined) return;
  reading.say({ type: 'tool-result', key, isError, preview: previewOf(text).preview, durationMs });
}

function mcpEnd(payload: JsonObject): Result {
  const result = asObject(payload['result']);
  const answer = asObject(result?.['Ok']);
  const isError = answer === undefined ? result?.['Err'] !== undefined : answer['isError'] === true;
  const failure = asText(result?.['Err']);
  return { text: failure ?? outputText(answer), isError, durationMs: duration(payload) };
}

/** The whole text of a call's end, for readers of the log. */
export function callEndText(payload: JsonObject): string {
  return payload['type'] === 'mcp_tool_call_end' ? mcpEnd(payload).text : shellText(payload);
}

function shellText(payload: JsonObject): string {
  const all = asText(payload['aggregated_output']) ?? asText(payload['formatted_output']);
  if (all !== undefined) return all;
  return [asText(payload['stdout']), asText(payload['stderr'])]
    .filter((text) => text !== undefined)
    .join('\n');
}

/** Seconds and nanoseconds → milliseconds. */
function duration(payload: JsonObject): number | null {
  const stated = asObject(payload['duration']);
  const seconds = stated?.['secs'];
  const nanos = stated?.['nanos'];
  if (typeof seconds !== 'number' || typeof nanos !== 'number') return null;
  return asCount(Math.round(seconds * 1e3 + nanos / 1e6), longestMs) ?? null;
}

/** A command that ended with another exit code than 0, a refused or interrupted call, or what says of itself that it failed. */
function isFailure(output: unknown): boolean {
  if (typeof output !== 'string') return failed(asObject(output));
  const object = wrapped(output);
  if (object !== undefined) return failed(object);
  const head = output.slice(0, headLength);
  const exit = /^(?:Process exited with code|Exit code:) (-?\d+)/m.exec(head);
  return exit !== null ? exit[1] !== '0' : /^(?:aborted|execution error|failed to parse)/i.test(head);
}

function failed(object: JsonObject | undefined): boolean {
  const exit = asObject(object?.['metadata'])?.['exit_code'] ?? object?.['exitCode'] ?? object?.['exit_code'];
  return object?.['success'] === false || (typeof exit === 'number' && exit !== 0);
}
