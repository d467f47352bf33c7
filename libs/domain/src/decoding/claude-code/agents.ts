import { storable, storableId, storableName, previewOf } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { forget, recall, remember, type AgentStatus, type Spawn } from './state';

const spawningTools = new Set(['Task', 'Agent']);
const descriptionBytes = 500;

/** A Task/Agent use says what the agent is for; who it is becomes known later. */
export function agentOfUse(reading: LineReading, toolUseId: string, name: string, input: JsonObject): void {
  if (!spawningTools.has(name)) return;
  const type = asText(input['subagent_type']);
  const description = asText(input['description']);
  const spawn: Spawn = {
    type: type === undefined ? null : storableName(type),
    description: description === undefined ? null : previewOf(description, descriptionBytes).preview,
  };
  reading.state.set('spawns', remember(reading.state.get('spawns'), toolUseId, spawn));
}

/** The result of a Task/Agent use names the agent, and says what became of it. */
export function agentOfResult(reading: LineReading, toolUseId: string, isError: boolean): void {
  const result = asObject(reading.record['toolUseResult']);
  const agentId = asText(result?.['agentId']);
  const spawn = recall(reading.state.get('spawns'), toolUseId);
  if (agentId === undefined || result === undefined) return;
  if (spawn !== undefined) reading.state.set('spawns', forget(reading.state.get('spawns'), toolUseId));
  const type = asText(result['agentType']) ?? spawn?.type ?? undefined;
  const status = isError ? 'failed' : resultStatus(result['status']);
  tellAgent(reading, storableId(agentId), {
    type: type === undefined ? null : storableName(type),
    description: spawn?.description ?? null,
    status,
  });
}

/** A record of an agent's own: the first one announces it, and it runs until it ends its turn. */
export function agentAtWork(reading: LineReading, agentId: string, status: 'running' | 'completed', toolUseId?: string): void {
  if (recall(reading.state.get('agents'), agentId) === status) return;
  const spawn = toolUseId === undefined ? undefined : recall(reading.state.get('spawns'), toolUseId);
  tellAgent(reading, agentId, { type: spawn?.type ?? null, description: spawn?.description ?? null, status });
}

function tellAgent(reading: LineReading, agentId: string, told: Spawn & { readonly status: AgentStatus | null }): void {
  if (told.status !== null) reading.state.set('agents', remember(reading.state.get('agents'), agentId, told.status));
  const parent = reading.origin.agentId;
  reading.say(
    {
      type: 'agent',
      parentAgentId: parent === agentId ? null : parent,
      agentType: told.type,
      description: told.description,
      model: null,
      status: told.status,
    },
    agentId,
  );
}

function resultStatus(status: unknown): AgentStatus | null {
  switch (status) {
    case 'completed':
      return 'completed';
    case 'failed':
    case 'error':
    case 'killed':
      return 'failed';
    case 'async_launched':
    case 'running':
      return 'running';
    default:
      return null;
  }
}

/** The `.meta.json` beside an agent's transcript. */
export function agentOfMeta(reading: LineReading, agentId: string): void {
  const { record } = reading;
  const [type, description] = [asText(record['agentType']), asText(record['description'])];
  const [parent, model] = [asText(record['parentAgentId']), asText(record['model'])];
  reading.say(
    {
      type: 'agent',
      parentAgentId: parent === undefined ? null : storableId(parent),
      agentType: type === undefined ? null : storableName(type),
      description: description === undefined ? null : previewOf(description, descriptionBytes).preview,
      model: model === undefined ? null : storableName(model),
      status: null,
    },
    agentId,
  );
}

/** A line of a workflow's journal: `started` names an agent and its label, `result` ends it. */
export function agentOfJournal(reading: LineReading): void {
  const { record } = reading;
  const agentId = asText(record['agentId']);
  if (agentId === undefined) return;
  const label = asText(record['label']);
  const status = record['type'] === 'started' ? 'running' : record['type'] === 'result' ? 'completed' : null;
  const description = label === undefined ? null : previewOf(storable(label), descriptionBytes).preview;
  tellAgent(reading, storableId(agentId), { type: null, description, status });
}
