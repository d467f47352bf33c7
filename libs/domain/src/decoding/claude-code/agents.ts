import { previewOf, storableId, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { forget, recall, remember } from '../reading/remembered';
import type { AgentStatus, Spawn } from './state';

const spawningTools = new Set(['Task', 'Agent']);
const descriptionBytes = 500;

/** A Task/Agent use says what the agent is for; who it is becomes known later. */
export function agentOfUse(reading: LineReading, toolUseId: string, name: string, input: JsonObject): void {
  if (!spawningTools.has(name)) return;
  const spawn: Spawn = {
    type: nameOf(input['subagent_type']),
    description: descriptionOf(input['description']),
  };
  reading.state.set('spawns', remember(reading.state.get('spawns'), toolUseId, spawn));
}

/** The result of a Task/Agent use names the agent, and says what became of it. */
export function agentOfResult(reading: LineReading, toolUseId: string, isError: boolean): void {
  const result = asObject(reading.record['toolUseResult']);
  const agentId = asText(result?.['agentId']);
  if (agentId === undefined) return;
  const spawn = recall(reading.state.get('spawns'), toolUseId);
  if (spawn !== undefined) reading.state.set('spawns', forget(reading.state.get('spawns'), toolUseId));
  tellAgent(reading, storableId(agentId), {
    type: nameOf(result?.['agentType']) ?? orNull(spawn).type,
    description: orNull(spawn).description,
    status: isError ? 'failed' : resultStatus(result?.['status']),
  });
}

/** A record of an agent's own: the first one announces it, and it runs until it ends its turn. */
export function agentAtWork(
  reading: LineReading,
  agentId: string,
  status: 'running' | 'completed',
  toolUseId?: string,
): void {
  if (recall(reading.state.get('agents'), agentId) === status) return;
  const spawn = toolUseId === undefined ? undefined : recall(reading.state.get('spawns'), toolUseId);
  tellAgent(reading, agentId, { ...orNull(spawn), status });
}

function tellAgent(
  reading: LineReading,
  agentId: string,
  told: Spawn & { readonly status: AgentStatus | null },
): void {
  if (told.status !== null)
    reading.state.set('agents', remember(reading.state.get('agents'), agentId, told.status));
  const { agentId: speaker, workflowId } = reading.origin;
  if (workflowId !== null) tellWorkflow(reading, workflowId);
  reading.say(
    {
      type: 'agent',
      parentAgentId: (speaker === agentId ? null : speaker) ?? workflowId,
      agentType: told.type,
      description: told.description,
      model: null,
      status: told.status,
    },
    agentId,
  );
}

/** A workflow is shown as an agent of its own, above those it launched. It runs as long as they do. */
function tellWorkflow(reading: LineReading, workflowId: string): void {
  const said = { parentAgentId: null, agentType: 'workflow', description: null, model: null, status: null };
  reading.say({ type: 'agent', ...said }, workflowId);
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
  const parent = asText(record['parentAgentId']);
  reading.say(
    {
      type: 'agent',
      parentAgentId: parent === undefined ? reading.origin.workflowId : storableId(parent),
      agentType: nameOf(record['agentType']),
      description: descriptionOf(record['description']),
      model: nameOf(record['model']),
      status: null,
    },
    agentId,
  );
}

/** A line of a workflow's journal: `started` names an agent and its label, `result` ends it. */
export function agentOfJournal(reading: LineReading): void {
  const { type, label, phase, agentId } = reading.record;
  const id = asText(agentId);
  if (id === undefined) return;
  const status = type === 'started' ? 'running' : type === 'result' ? 'completed' : null;
  tellAgent(reading, storableId(id), { type: nameOf(phase), description: descriptionOf(label), status });
}

function orNull(spawn: Spawn | undefined): Spawn {
  return spawn ?? { type: null, description: null };
}

function nameOf(value: unknown): string | null {
  const name = asText(value);
  return name === undefined ? null : storableName(name);
}

function descriptionOf(value: unknown): string | null {
  const text = asText(value);
  return text === undefined ? null : previewOf(text, descriptionBytes).preview;
}
