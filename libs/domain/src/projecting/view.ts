import type { Agent, Objective, Session, Stats, Summary, Tokens, ToolUsage } from '@telltale/contracts';
import type { Stamped } from '../observation';
import { objectivesOf } from './objectives';
import { percentile } from './histogram';
import type { AgentState, SessionState, ToolSums, UsageSums } from './session-state';
import { noUsage } from './session-state';
import { screenshotsOf } from './screenshots';
import { addSums } from './sums';
import { agentStatus, statusOf, type StatusNow } from './status';

/** Five-minute buckets with usage that a sparkline shows. */
const shownBuckets = 24;

export type SummaryView = Omit<Summary, 'revision'>;
export type DetailView = Omit<Session, keyof Summary>;
export interface SessionView {
  readonly summary: SummaryView;
  readonly detail: DetailView;
  /** Epoch ms at which time alone changes the view; null: never. */
  readonly until: number | null;
  readonly costPico: bigint | null;
}

/** What is shown of a session: a pure function of its state and of now (epoch ms). */
export function viewOf(state: SessionState, now: number): SessionView {
  const status = statusOf(state, now);
  const agents = Object.entries(state.agents).map(([id, agent]) => ({
    id,
    agent,
    status: agentStatus(agent, status, now),
  }));
  const objectives = objectivesOf(state);
  const usage = Object.values(state.models).reduce(addSums, noUsage);
  const summary = summaryOf(state, status, { objectives, usage });
  const until = [status, ...agents.map((agent) => agent.status)]
    .map((s) => s.until)
    .filter((t) => t !== null);
  return {
    summary,
    detail: detailOf(state, objectives, agents),
    until: until.length > 0 ? Math.min(...until) : null,
    costPico: costOf(usage),
  };
}

interface Parts {
  readonly objectives: readonly Objective[];
  readonly usage: UsageSums;
}

function summaryOf(state: SessionState, status: StatusNow, parts: Parts): SummaryView {
  const { registers } = state;
  const path = said(registers.projectPath);
  return {
    id: state.id,
    source: state.source,
    nativeId: said(registers.nativeId) ?? state.id,
    host: hostOf(state),
    user: said(registers.user),
    project: path === null ? null : { path, name: lastSegment(path) },
    branch: said(registers.branch),
    phase: said(registers.phase),
    title: titleOf(state),
    model: said(registers.model),
    models: modelsOf(state),
    status: status.status,
    waitingFor: status.waitingFor ?? null,
    startedAt: iso(state.startedAt),
    lastActivityAt: iso(state.lastActivityAt),
    endedAt: hasEnded(status) ? (registers.test?.value.endedAt ?? iso(state.lastActivityAt)) : null,
    parentId: said(registers.parentId),
    archived: isArchived(state),
    currentStep: said(registers.currentStep),
    activity: Object.entries(state.activity)
      .filter(([, tokens]) => tokens > 0)
      .sort((a, b) => Number(a[0]) - Number(b[0]))
      .slice(-shownBuckets)
      .map(([at, tokens]) => ({ at: new Date(Number(at)).toISOString(), tokens })),
    stats: statsOf(state, parts),
  };
}

function statsOf(state: SessionState, { objectives, usage }: Parts): Stats {
  return {
    messages: state.prompts + usage.messages,
    prompts: state.prompts,
    toolCalls: Object.values(state.tools).reduce((sum, tool) => sum + tool.calls, 0),
    toolErrors: state.toolErrors,
    screenshots: Object.keys(state.screenshots).length,
    errors: state.errors,
    objectives: {
      completed: objectives.filter((o) => o.status === 'completed').length,
      total: objectives.length,
    },
    tokens: tokensOf(usage),
    costUsd: usd(costOf(usage)),
    reportedCostUsd: reportedCost(state, usage),
    unpricedModels: Object.entries(state.models)
      .filter(([, sums]) => sums.unpriced > 0)
      .map(([model]) => model)
      .sort(),
  };
}

function detailOf(
  state: SessionState,
  objectives: readonly Objective[],
  agents: readonly { id: string; agent: AgentState; status: StatusNow }[],
): DetailView {
  return {
    tokensByModel: modelsOf(state).map((model) => {
      const sums = state.models[model] ?? noUsage;
      return { model, tokens: tokensOf(sums), costUsd: usd(costOf(sums)), messages: sums.messages };
    }),
    objectives: [...objectives],
    agents: agents
      .map(agentView)
      .sort((a, b) => compare(a.startedAt ?? '', b.startedAt ?? '') || compare(a.id, b.id)),
    tools: Object.entries(state.tools)
      .map(([name, sums]) => toolView(name, sums, state.toolTimes[name] ?? 0))
      .sort((a, b) => b.calls - a.calls || compare(a.name, b.name)),
    links: Object.entries(state.links)
      .sort((a, b) => a[1].at - b[1].at || compare(a[0], b[0]))
      .map(([url, { kind, label }]) => ({ kind, label, url })),
    errors: state.errorNotes.map(({ at, kind, message }) => ({ at: iso(at), kind, message })),
    forkedFrom: state.registers.forkedFrom?.value ?? null,
    ...(state.registers.test === undefined ? {} : { test: state.registers.test.value }),
    screenshots: screenshotsOf(state),
    rateLimits: [...(state.registers.rateLimits?.value ?? [])],
    files: Object.values(state.files)
      .map(({ path, host, role, removed }) => ({ path, host, role, removed }))
      .sort((a, b) => compare(a.path, b.path) || compare(a.host, b.host)),
  };
}

function agentView({ id, agent, status }: { id: string; agent: AgentState; status: StatusNow }): Agent {
  return {
    id,
    parentId: agent.parentId?.value ?? null,
    type: agent.type?.value ?? null,
    description: agent.description?.value ?? null,
    model: agent.model?.value ?? null,
    status: status.status,
    startedAt: iso(agent.startedAt),
    lastActivityAt: iso(agent.lastActivityAt),
    stats: {
      messages: agent.usage.messages,
      toolCalls: agent.toolCalls,
      tokens: tokensOf(agent.usage),
      costUsd: usd(costOf(agent.usage)),
    },
  };
}

function toolView(name: string, sums: ToolSums, lastAt: number): ToolUsage {
  return {
    name,
    calls: sums.calls,
    errors: sums.errors,
    medianMs: percentile(sums.durations, 0.5),
    p95Ms: percentile(sums.durations, 0.95),
    totalMs: Object.keys(sums.durations).length > 0 ? sums.totalMs : null,
    lastAt: iso(lastAt),
  };
}

function titleOf({ registers }: SessionState): string | null {
  const { customTitle, agentName, aiTitle, summaryTitle, firstPrompt } = registers;
  return (customTitle ?? agentName ?? aiTitle ?? summaryTitle ?? firstPrompt)?.value ?? null;
}

/** Models that answered or were billed; '' stands for none and is not named. */
function modelsOf(state: SessionState): string[] {
  return Object.keys(state.models)
    .filter((model) => model !== '')
    .sort();
}

/** The same whichever copy of a transcript arrived first: the smallest host name among the main files. */
function hostOf(state: SessionState): string {
  const files = Object.values(state.files);
  const main = files.filter((file) => file.role === 'main');
  return (main.length > 0 ? main : files).map((file) => file.host).sort()[0] ?? '';
}

function isArchived(state: SessionState): boolean {
  const files = Object.values(state.files);
  return files.length > 0 && files.every((file) => file.removed);
}

function tokensOf(usage: UsageSums): Tokens {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning } = usage;
  const total = input + output + cacheWrite5m + cacheWrite1h + cacheRead;
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total };
}

/** Null where there was usage and none of it had a price. */
function costOf(usage: UsageSums): bigint | null {
  return usage.priced === 0 && usage.unpriced > 0 ? null : BigInt(usage.costPico);
}

function usd(pico: bigint | null): number | null {
  return pico === null ? null : Number(pico) / 1e12;
}

/** The session's own figure where the tool keeps one, else the sum of what it says of each message. */
function reportedCost({ registers }: SessionState, usage: UsageSums): number | null {
  const whole = registers.reportedCostPico?.value;
  if (whole !== undefined) return usd(BigInt(whole));
  return usage.reported === 0 ? null : usd(BigInt(usage.reportedPico));
}

function said<T>(stamped: Stamped<T> | undefined): T | null {
  return stamped === undefined ? null : stamped.value;
}

function hasEnded({ status }: StatusNow): boolean {
  return status === 'completed' || status === 'failed';
}

function lastSegment(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

function iso(at: number): string | null {
  return at > 0 ? new Date(at).toISOString() : null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
