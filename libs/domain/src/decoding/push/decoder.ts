import {
  pushedLineSchema,
  pushedPathPrefix,
  pushLimits,
  type PushedLine,
  type PushedMessageLine,
} from '@telltale/contracts';
import type { DecoderState, LineOutcome, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../../observation';
import { parseInstant } from '../reading/instant';
import { decodeRecord } from '../reading/decode-record';
import { previewOf, storable, storableId, storableName } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import { fullTextOf } from './full-text';
import { errorKey } from './keys';
import { readMessage } from './messages';
import { PushReading } from './push-reading';
import { asPushState, initialPushState, withKey } from './state';

/**
 * Reads what clients pushed over HTTP: lines the gateway wrote, each with the gateway's time. The fact's path names
 * the session, `push:<id>`.
 */
export const pushDecoder: SourceDecoder = {
  version: 1,
  initialState: () => initialPushState(),
  decodeLine,
  fullText: fullTextOf,
  roleOf: () => 'main',
  sessionOf: ({ path }) => (nativeIdOf(path) === undefined ? undefined : storableId(path)),
};

// eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
function decodeLine(
  stored: DecoderState,
  line: string,
  file: FileContext,
  place: Place,
  sink: Observation[],
): LineOutcome {
  return decodeRecord(line, sink, (record) => {
    if (!isKnown(record)) return undefined;
    const read = pushedLine(record);
    if ('reason' in read) return read.reason;
    const nativeId = nativeIdOf(file.path);
    if (nativeId === undefined) return 'the path names no pushed session';
    const sessionId = storableId(file.path);
    const reading = new PushReading(asPushState(stored), { sessionId, at: read.at, place }, sink);
    readLine(reading, read.line, nativeId);
    Object.assign(stored, reading.state);
    return undefined;
  });
}

function isKnown({ kind }: JsonObject): boolean {
  return kind === 'session' || kind === 'message' || kind === 'end';
}

type Read = { readonly line: PushedLine; readonly at: number } | { readonly reason: string };

function pushedLine(record: JsonObject): Read {
  const parsed = pushedLineSchema.safeParse(record);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      reason: previewOf(`${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'invalid'}`, 200).preview,
    };
  }
  const line = parsed.data;
  const at = parseInstant(line.at);
  if (at === undefined) return { reason: 'at is no time' };
  const problem = line.kind === 'message' ? usageProblem(line) : undefined;
  return problem === undefined ? { line, at } : { reason: problem };
}

/** The total follows from the classes; what it says of itself is not asked. */
function usageProblem({ usage }: PushedMessageLine): string | undefined {
  const absurd = Object.entries({ ...usage, total: 0 }).find(([, count]) => count > pushLimits.tokens);
  return absurd && `usage.${absurd[0]} is ${String(absurd[1])}`;
}

function nativeIdOf(path: string): string | undefined {
  return path.startsWith(pushedPathPrefix) ? asText(path.slice(pushedPathPrefix.length)) : undefined;
}

function readLine(reading: PushReading, line: PushedLine, nativeId: string): void {
  if (line.kind !== 'session') {
    const state = withKey(reading.state, line.id);
    if (state === undefined) return; // a retry: said before
    reading.state = state;
  }
  reading.registerOnce('nativeId', storableId(nativeId));
  switch (line.kind) {
    case 'session':
      readSession(reading, line);
      break;
    case 'message':
      readMessage(reading, line);
      break;
    case 'end':
      readEnd(reading, line);
  }
  reading.state = { ...reading.state, begun: true };
  reading.tellRegisters();
}

/** An announcement says what the session is; only the first one is something that happens in it. */
function readSession(reading: PushReading, line: Extract<PushedLine, { kind: 'session' }>): void {
  if (!reading.state.begun) reading.say({ type: 'activity' });
  const { user, title, project, model } = line;
  if (user !== undefined) reading.registerChange('user', storableName(user));
  if (title !== undefined) reading.registerChange('customTitle', previewOf(title, 2000).preview);
  if (project !== undefined) reading.registerChange('projectPath', previewOf(project, 4096).preview);
  if (model !== undefined) announceModel(reading, storableName(model));
}

/** A message may have named another model since: the same announcement again does not take that back. */
function announceModel(reading: PushReading, model: string): void {
  if (reading.state.model === model) return;
  reading.state = { ...reading.state, model };
  reading.registerChange('model', model);
}

/** Said twice with nothing between, it is said once. */
function readEnd(reading: PushReading, line: Extract<PushedLine, { kind: 'end' }>): void {
  const { status, reason, id } = line;
  if (reading.state.ended === status) return;
  reading.state = { ...reading.state, ended: status };
  reading.say({ type: 'activity' });
  reading.register('outcome', status);
  if (status === 'failed' && reason !== undefined) {
    const key = errorKey(reading.sessionId, id);
    reading.say({ type: 'error', key, kind: 'failed', message: previewOf(storable(reason)).preview });
  }
}
