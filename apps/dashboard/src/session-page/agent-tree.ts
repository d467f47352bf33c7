import type { Agent, Session, Status } from '@telltale/contracts';

export interface AgentNode {
  readonly id: string;
  /** What it was sent to do, or what it is. */
  readonly name: string;
  /** What it is, where the name says what it does. */
  readonly type: string | null;
  readonly model: string | null;
  readonly status: Status;
  readonly depth: number;
  readonly costUsd: number | null;
  readonly tokens: number;
  /** Its share of the session, 0–1: of the cost, or of the tokens where there is no cost. */
  readonly share: number;
  readonly toolCalls: number;
}

/** The main agent, which has what its subagents have not, and below it the tree of them, depth first. */
export function agentTree(session: Session): AgentNode[] {
  const children = Map.groupBy(session.agents, (agent) => knownParent(agent, session.agents));
  const { stats } = session;
  const sum = (pick: (agent: Agent) => number): number =>
    session.agents.reduce((total, agent) => total + pick(agent), 0);
  const priced = (stats.costUsd ?? 0) > 0;
  const shareOf = (costUsd: number | null, tokens: number): number => {
    const [part, whole] = priced ? [costUsd ?? 0, stats.costUsd ?? 0] : [tokens, stats.tokens.total];
    return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
  };
  const mainCost =
    stats.costUsd === null ? null : Math.max(0, stats.costUsd - sum((agent) => agent.stats.costUsd ?? 0));
  const mainTokens = Math.max(0, stats.tokens.total - sum((agent) => agent.stats.tokens.total));
  const nodes: AgentNode[] = [
    {
      id: '',
      name: 'Main agent',
      status: session.status,
      depth: 0,
      costUsd: mainCost,
      tokens: mainTokens,
      share: shareOf(mainCost, mainTokens),
      type: null,
      model: session.model,
      toolCalls: Math.max(0, stats.toolCalls - sum((agent) => agent.stats.toolCalls)),
    },
  ];
  const walk = (parent: string | null, depth: number): void => {
    for (const agent of children.get(parent) ?? []) {
      const tokens = agent.stats.tokens.total;
      const { costUsd } = agent.stats;
      nodes.push({
        id: agent.id,
        name: agent.description ?? agent.type ?? 'Agent',
        status: agent.status,
        depth,
        costUsd,
        tokens,
        share: shareOf(costUsd, tokens),
        type: agent.description === null ? null : agent.type,
        model: agent.model,
        toolCalls: agent.stats.toolCalls,
      });
      walk(agent.id, depth + 1);
    }
  };
  walk(null, 1);
  return nodes;
}

/** An agent whose parent is not known (yet), or is itself, hangs below the main one: none may get lost. */
function knownParent(agent: Agent, all: readonly Agent[]): string | null {
  const seen = new Set([agent.id]);
  for (let parent = agent.parentId; parent !== null;) {
    if (seen.has(parent)) return null;
    seen.add(parent);
    const found = all.find((candidate) => candidate.id === parent);
    if (!found) return parent === agent.parentId ? null : agent.parentId;
    parent = found.parentId;
  }
  return agent.parentId;
}
