/**
 * What a file below a Claude Code root is, told by its path alone. `orderingKey` names what must be read in
 * order: the session where the path tells it, else the file itself.
 */
export type ClaudeTranscript = { readonly orderingKey: string } & (
  | { readonly kind: 'main'; readonly sessionId: string }
  /** `sessionId` is null in the layout of 2.0.x, where only the records tell it. */
  | ({ readonly kind: 'agent' | 'agent-meta' } & AgentFile)
  /** What a workflow launched. Holds no usage. */
  | { readonly kind: 'workflow-journal'; readonly sessionId: string; readonly workflowId: string | null }
  /** The title given by /rename. */
  | { readonly kind: 'custom-title'; readonly sessionId: string }
  | { readonly kind: 'sessions-index' }
  /** What a running process says of itself: the live registry. */
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'history' }
  | { readonly kind: 'other' }
);

interface AgentFile {
  readonly sessionId: string | null;
  readonly agentId: string;
  /** The workflow that launched the agent. */
  readonly workflowId: string | null;
}

/** `root` may be empty where it is not known: then what follows the last `projects` folder counts. */
export function claudeTranscript(root: string, path: string): ClaudeTranscript {
  const segments = below(root, path);
  const [first, , name, ...deeper] = segments;
  if (segments.length === 1 && first === 'history.jsonl') return { kind: 'history', orderingKey: path };
  if (first === 'sessions' && segments.length === 2) return processFile(segments[1] ?? '', path);
  if (first !== 'projects' || name === undefined) return other(path);
  return deeper.length === 0 ? besideSession(name, path) : belowSession(name, deeper, path);
}

function below(root: string, path: string): string[] {
  const plain = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  if (base !== '' && plain.startsWith(`${base}/`)) return plain.slice(base.length + 1).split('/');
  const segments = plain.split('/');
  const known = Math.max(
    segments.lastIndexOf('projects'),
    /^\d+\.json$/.test(segments.at(-1) ?? '') ? segments.lastIndexOf('sessions') : -1,
  );
  return known >= 0 ? segments.slice(known) : segments.slice(-1);
}

/** `projects/<slug>/<name>` */
function besideSession(name: string, path: string): ClaudeTranscript {
  if (name === 'sessions-index.json') return { kind: 'sessions-index', orderingKey: path };
  const agent = agentFile(name);
  if (agent !== undefined) return { ...agent, sessionId: null, workflowId: null, orderingKey: path };
  const sessionId = stem(name, '.jsonl');
  return sessionId === undefined ? other(path) : { kind: 'main', sessionId, orderingKey: sessionId };
}

/** `projects/<slug>/<sessionId>/…` */
function belowSession(sessionId: string, deeper: readonly string[], path: string): ClaudeTranscript {
  const [folder, ...rest] = deeper;
  const name = deeper.at(-1) ?? '';
  if (folder === 'custom-title.json' && rest.length === 0)
    return { kind: 'custom-title', sessionId, orderingKey: sessionId };
  if (folder !== 'subagents') return other(path);
  const agent = agentFile(name);
  const workflowId = rest.find((segment) => segment.startsWith('wf_')) ?? null;
  if (agent !== undefined) return { ...agent, sessionId, workflowId, orderingKey: sessionId };
  return name === 'journal.jsonl'
    ? { kind: 'workflow-journal', sessionId, workflowId, orderingKey: sessionId }
    : other(path);
}

function processFile(name: string, path: string): ClaudeTranscript {
  const pid = /^(\d{1,15})\.json$/.exec(name)?.[1];
  return pid === undefined ? other(path) : { kind: 'process', pid: Number(pid), orderingKey: path };
}

function agentFile(name: string): { kind: 'agent' | 'agent-meta'; agentId: string } | undefined {
  if (!name.startsWith('agent-')) return undefined;
  const meta = stem(name, '.meta.json');
  if (meta !== undefined) return { kind: 'agent-meta', agentId: meta.slice('agent-'.length) };
  const transcript = stem(name, '.jsonl');
  return transcript === undefined ? undefined : { kind: 'agent', agentId: transcript.slice('agent-'.length) };
}

/** The name before the suffix; undefined without the suffix or with nothing before it. */
function stem(name: string, suffix: string): string | undefined {
  return name.endsWith(suffix) && name.length > suffix.length ? name.slice(0, -suffix.length) : undefined;
}

function other(path: string): ClaudeTranscript {
  return { kind: 'other', orderingKey: path };
}
