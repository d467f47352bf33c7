import { asObject, asText, type JsonObject } from '../reading/values';

/** What a line is about, whatever version wrote it. Types are the tool's own, of today. */
export type RecordType =
  'session_meta' | 'turn_context' | 'event_msg' | 'response_item' | 'compacted' | 'other';

export interface CodexRecord {
  readonly type: RecordType;
  readonly payload: JsonObject;
  /** Of the line: ISO text, or what stands in its place. */
  readonly timestamp: unknown;
  /** Written before lines had a payload: messages stand in response items only, and there are no events. */
  readonly bare: boolean;
}

const types: readonly string[] = ['session_meta', 'turn_context', 'event_msg', 'response_item', 'compacted'];
/** Response items as they were written bare. */
const bareItems: readonly string[] = [
  'message',
  'function_call',
  'function_call_output',
  'function_result',
  'custom_tool_call',
  'custom_tool_call_output',
  'local_shell_call',
  'web_search_call',
  'tool_call',
  'tool_result',
];
const bareEvents: readonly string[] = [
  'token_count',
  'user_message',
  'agent_message',
  'turn_aborted',
  'error',
];

/** A line in either form: with its payload apart, or, of the oldest versions, bare. */
export function codexRecord(line: JsonObject): CodexRecord {
  const type = asText(line['type']) ?? '';
  const payload = asObject(line['payload']);
  const timestamp = line['timestamp'] ?? line['created_at'];
  if (payload !== undefined) return { type: knownType(type), payload, timestamp, bare: false };
  return { type: bareType(line, type), payload: line, timestamp, bare: true };
}

function knownType(type: string): RecordType {
  return types.includes(type) ? (type as RecordType) : 'other';
}

function bareType(line: JsonObject, type: string): RecordType {
  if (bareItems.includes(type)) return 'response_item';
  if (bareEvents.includes(type)) return 'event_msg';
  if (type !== '') return knownType(type);
  if (asText(line['role']) !== undefined) return 'response_item';
  return asText(line['id']) !== undefined ? 'session_meta' : 'other';
}
