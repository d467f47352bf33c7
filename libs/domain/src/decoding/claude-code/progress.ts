import { storableId } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { agentAtWork } from './agents';
import { readAssistant } from './assistant';
import type { LineReading } from './line-reading';
import { readUser } from './user';

/** The record of a subagent that a progress record carries; undefined where it carries none. */
export function agentRecord(record: JsonObject): JsonObject | undefined {
  const data = record['type'] === 'progress' ? asObject(record['data']) : undefined;
  return data?.['type'] === 'agent_progress' ? asObject(data['message']) : undefined;
}

/** Progress of a subagent is its transcript in pieces: read like records of its own file. All other progress only passes time. */
export function readProgress(reading: LineReading): void {
  const carried = agentRecord(reading.record);
  if (carried === undefined) return;
  const id = asText(asObject(reading.record['data'])?.['agentId']);
  const agentId = id === undefined ? null : storableId(id);
  const inner = reading.within(carried, agentId);
  // Announced by the outer record: it knows which tool use launched the agent.
  if (agentId !== null) agentAtWork(reading, agentId, 'running', asText(reading.record['parentToolUseID']));
  if (carried['type'] === 'assistant') readAssistant(inner);
  if (carried['type'] === 'user') readUser(inner);
  inner.tellRegisters();
}
