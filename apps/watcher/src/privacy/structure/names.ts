/**
 * Which strings of a record are structure, told by their name alone and for all tools at once. They are kept in every
 * content mode; ids are never touched by redaction either. What is not listed is content.
 */

/** Under these lies what a person or a tool filled in: names mean nothing there. */
const opaque = namesOf(
  'input args arguments toolUseResult tool_input tool_response tool_output parameters params result resultDisplay ' +
    'output trackedFileBackups structuredContent mcpMeta answers annotations dynamic_tools inputSchema',
);

/** Kinds, states and times: one word. */
const words = namesOf(
  'type subtype role kind level status state variant effort reasoning_effort mode permissionMode finish finish_reason ' +
    'finishReason stop_reason stopReason speed service_tier inference_geo media_type mediaType mime mimeType mime_type ' +
    'operation entrypoint originator source userType approval_policy action trigger priority phase reason event error ' +
    'code version cli_version cliVersion encoding status_code namespace plan_type procStart timestamp time at refused startTime ' +
    'endTime start_time end_time lastUpdated startedAt endedAt createdAt updatedAt created modified date slug',
);

/** Names of tools, models, agents and files, and where the work is done. */
const names = namesOf(
  'tool tool_name toolName name model models modelID modelId model_id model_provider modelProvider providerID provider ' +
    'agent agentType agent_type subagent_type cwd directory root gitBranch branch filename screenshots folder',
);

/** Ids that are not named so. */
const ids = namesOf('element sha256 hash commit_hash projectHash');

/** States and ids that objectives and agents are told by, where the tool itself fills them in. */
const wordsInOpaque = namesOf(
  'status id taskId task_id agentId agent_id agentType agent_type subagent_type priority type exit_code',
);

/** `id`, `parentUuid`, `tool_use_id`, `callID`; but not `accessKeyId`, which names a secret's half. */
const idName = /^(?:id|uuid|[A-Za-z_$][\w$.-]{0,57}(?:[a-z](?:Id|ID|Uuid|UUID)|_(?:id|uuid)))$/;
const keyIdName = /key_?id$/i;

/** What kind of structure a value is: an id, one word, or any text. */
export type Structure = 'id' | 'word' | 'text';

const known = new Map<string, Structure | undefined>();
/** Names come from outside: only so many are remembered. */
const mostKnown = 10_000;

/** Undefined: a value of this name is content. */
export function structureOf(name: string): Structure | undefined {
  const remembered = known.get(name);
  if (remembered !== undefined || known.has(name)) return remembered;
  const structure = decide(name);
  if (known.size < mostKnown) known.set(name, structure);
  return structure;
}

export function isWordInOpaque(name: string): boolean {
  return wordsInOpaque.has(name);
}

export function isOpaqueName(name: string): boolean {
  return opaque.has(name);
}

function decide(name: string): Structure | undefined {
  if (names.has(name)) return 'text';
  if (words.has(name)) return 'word';
  return ids.has(name) || (idName.test(name) && !keyIdName.test(name)) ? 'id' : undefined;
}

function namesOf(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
