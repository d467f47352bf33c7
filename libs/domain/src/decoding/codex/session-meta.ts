import { previewOf, storableId, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { noteModel } from './messages';

const longestPath = 4096;

/** The id of the thread; `session_id` of a subagent is that of the thread at the root. */
export function metaId(payload: JsonObject): string | undefined {
  return asText(payload['id']) ?? asText(payload['session_id']);
}

/**
 * Session metadata stand at the beginning of a file and again at each resume. A fork and a subagent repeat their
 * parent's after their own: those only tell where the lines behind them come from.
 */
export function readSessionMeta(reading: LineReading): void {
  const { payload, state, sessionId } = reading;
  const id = storableId(metaId(payload) ?? sessionId);
  const before = state.get('origin');
  const isFirst = before === null;
  if (id !== sessionId) {
    state.set('origin', id);
    if (!isFirst && id !== before) tellFork(reading, id);
    return;
  }
  const forkedFrom = asText(payload['forked_from_id']);
  state.set('origin', isFirst && forkedFrom !== undefined ? storableId(forkedFrom) : id);
  if (forkedFrom !== undefined) tellFork(reading, storableId(forkedFrom));
  tellSurroundings(reading);
  tellParent(reading);
}

/** From the first record of another session in the file, or from what the metadata say. */
function tellFork(reading: LineReading, parent: string): void {
  reading.state.set('forked', true);
  if (reading.state.get('told')['parentId'] !== parent) reading.registerOnce('forkedFrom', parent);
}

function tellSurroundings(reading: LineReading): void {
  const { payload } = reading;
  const cwd = asText(payload['cwd']);
  // The project is where the session began; later working folders are excursions.
  if (cwd !== undefined) reading.registerOnce('projectPath', previewOf(cwd, longestPath).preview);
  const branch = asText(asObject(payload['git'])?.['branch']);
  if (branch !== undefined) reading.registerChange('branch', storableName(branch));
  const version = asText(payload['cli_version']);
  if (version !== undefined) reading.registerChange('version', storableName(version));
  const provenance = asObject(asObject(payload['base_instructions'])?.['provenance']);
  if (reading.state.get('model') === null) noteModel(reading, provenance?.['model']);
}

/** A subagent is a session of its own: it names the thread that started it, and mostly has a name. */
function tellParent(reading: LineReading): void {
  const { payload, sessionId } = reading;
  const subagent = asObject(asObject(payload['source'])?.['subagent']);
  const spawn = asObject(subagent?.['thread_spawn']);
  const named =
    asText(payload['parent_thread_id']) ?? asText(spawn?.['parent_thread_id']) ?? rootOfSubagent(payload);
  if (named === undefined || storableId(named) === sessionId) return;
  reading.state.set('forked', true);
  reading.registerOnce('parentId', storableId(named));
  const name = agentName(payload, spawn);
  if (name !== undefined) reading.registerChange('agentName', storableName(name));
}

/** A subagent that names no parent names the thread at the root, beside its own id. */
function rootOfSubagent(payload: JsonObject): string | undefined {
  const isSubagent =
    payload['thread_source'] === 'subagent' || asObject(payload['source'])?.['subagent'] !== undefined;
  return isSubagent && asText(payload['id']) !== undefined ? asText(payload['session_id']) : undefined;
}

function agentName(payload: JsonObject, spawn: JsonObject | undefined): string | undefined {
  const nickname = asText(payload['agent_nickname']) ?? asText(spawn?.['agent_nickname']);
  const role = asText(payload['agent_role']) ?? asText(spawn?.['agent_role']);
  const path = asText(payload['agent_path']) ?? asText(spawn?.['agent_path']);
  const name = nickname ?? path;
  if (name === undefined) return role;
  return role === undefined ? name : `${name} (${role})`;
}
