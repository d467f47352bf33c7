import { stableHash } from '@telltale/contracts';
import { storableId } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { recall, remember } from '../reading/remembered';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A UUID of version 7 begins with its time. */
const timed = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;
/** Begins the id of a turn that has none of its own. */
const madeUp = '~';
const hashedEnd = 4096;
/** Ids that the API made: no other call has one. What else runs models may count from one. */
const uniqueCall = /^[a-z]{2,6}_[A-Za-z0-9]{16,}$/;

/**
 * What things are counted by. A fork repeats its parent's records under another session and at another time, so
 * neither is part of a key: it is the turn, which a replay keeps, and in it the content and how often that was seen.
 */
export function contentKey(reading: LineReading, form: ContentForm, content: string): string {
  const { state } = reading;
  const turn = state.get('turn');
  const hash = hashOf(content);
  if (turn === null) return outsideTurns(reading, form, hash);
  const name = `${form}${hash.slice(0, 8)}`;
  const seen = recall(state.get('seen'), name) ?? 0;
  state.set('seen', remember(state.get('seen'), name, seen + 1));
  return `${turn}:${hash}${seen === 0 ? '' : `:${seen}`}`;
}

/**
 * Before turns had ids a prompt began one. It is known by the session whose metadata came last (a replay has its
 * parent's before its parent's records), by how many records there were, and by the counter's total: behind a fork the
 * parent's and the fork's own differ by it.
 */
export function promptKey(reading: LineReading, form: 'p' | 'P', text: string): string {
  const turn = reading.state.get('turn');
  if (turn !== null && uuid.test(turn)) return contentKey(reading, form, text);
  const key = outsideTurns(reading, form, hashOf(text));
  enterTurn(reading, `${madeUp}${stableHash(key)}`);
  return key;
}

function outsideTurns(reading: LineReading, form: ContentForm, hash: string): string {
  const { state } = reading;
  const ordinals = state.get('ordinals');
  const ordinal = ordinals[form] ?? 0;
  state.set('ordinals', { ...ordinals, [form]: ordinal + 1 });
  return `${scopeOutside(reading)}:${hash}:#${ordinal}${progress(reading)}`;
}

function scopeOutside({ state, sessionId }: LineReading): string {
  return state.get('origin') ?? sessionId;
}

function progress({ state }: LineReading): string {
  const [counter] = state.get('counters');
  return counter === undefined ? '' : `@${counter[0]}-${counter[3]}`;
}

/**
 * What is told in two forms by newer versions has two letters, so that each form is counted by itself and both come
 * to one key.
 */
export type ContentForm = 'p' | 'P' | 'm' | 'M' | 'c' | 'C' | 't' | 'e';

/** Of a long text its ends tell enough: the same hash twice in a turn is told apart by its number. */
function hashOf(content: string): string {
  const { length } = content;
  if (length <= 2 * hashedEnd) return stableHash(content);
  return stableHash(`${content.slice(0, hashedEnd)}${length}${content.slice(-hashedEnd)}`);
}

/** Whether a key of {@link contentKey} was made of this content. */
export function isKeyOf(key: string, content: string): boolean {
  return key.includes(`:${hashOf(content)}`);
}

/** What the counts of a turn are known by. */
export function countScope(reading: LineReading): string {
  return reading.state.get('turn') ?? scopeOutside(reading);
}

/** Ids of older versions are small numbers that begin anew with each process: none at all. */
export function isTurnId(id: unknown): id is string {
  return typeof id === 'string' && uuid.test(id);
}

/** Contents and counters are told apart within a turn: another one begins with none. */
export function enterTurn({ state }: LineReading, turn: string): void {
  if (state.get('turn') === turn) return;
  state.set('turn', turn);
  state.set('seen', []);
  state.set('falls', null);
  state.set('message', null);
}

/** A turn that is older than its session is another's. */
export function isReplayedTurn(reading: LineReading): boolean {
  const turn = reading.state.get('turn') ?? '';
  const { sessionId } = reading;
  return timed.test(turn) && timed.test(sessionId) && turn.slice(0, 13) < sessionId.slice(0, 13);
}

/** Remembers the key for the result, where another call may have the same id. */
export function callKey(reading: LineReading, payload: JsonObject, content: string): string {
  const id = callId(payload);
  if (id !== undefined && uniqueCall.test(id)) return `t:${id}`;
  const name = id ?? toolName(payload) ?? '';
  const key = `t:${contentKey(reading, 't', `${name}\n${content}`)}`;
  reading.state.set('calls', remember(reading.state.get('calls'), storableId(name), key));
  return key;
}

/** Undefined for the result of a call that was not seen and cannot be named. */
export function resultKey(reading: LineReading, payload: JsonObject): string | undefined {
  const id = callId(payload);
  if (id !== undefined && uniqueCall.test(id)) return `t:${id}`;
  return recall(reading.state.get('calls'), storableId(id ?? toolName(payload) ?? ''));
}

/** Whether a line's call or result may be what the key names; a key that was made of more than the id matches each. */
export function mayBeCall(key: string, payload: JsonObject): boolean {
  const id = callId(payload);
  return id !== undefined && uniqueCall.test(id) ? key === `t:${id}` : !uniqueCall.test(key.slice(2));
}

/** What names a call in its result; older versions put it in `id`. */
export function callId(payload: JsonObject): string | undefined {
  return asText(payload['call_id']) ?? asText(payload['id']);
}

/** Also where older versions put it. */
export function toolName(payload: JsonObject): string | undefined {
  return asText(payload['name']) ?? asText(asObject(payload['function'])?.['name']);
}
