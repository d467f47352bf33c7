import type { Agent } from '@telltale/contracts';

export interface AgentInTree {
  readonly agent: Agent;
  /** 0 for what the session itself started. */
  readonly depth: number;
}

/** Agents under the one that started them, in the order they are told of; one whose parent is not known stands on top. */
export function agentTree(agents: readonly Agent[]): AgentInTree[] {
  const known = new Set(agents.map(({ id }) => id));
  const children = new Map<string | null, Agent[]>();
  for (const agent of agents) {
    const parent = agent.parentId !== null && known.has(agent.parentId) ? agent.parentId : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(agent);
    else children.set(parent, [agent]);
  }
  const tree: AgentInTree[] = [];
  const told = new Set<string>();
  // Agents that name each other in a circle have nobody above them: they come last, on top themselves.
  for (const root of [...(children.get(null) ?? []), ...agents]) {
    const next: AgentInTree[] = [{ agent: root, depth: 0 }];
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      if (told.has(one.agent.id)) continue;
      told.add(one.agent.id);
      tree.push(one);
      const depth = Math.min(one.depth + 1, deepest);
      next.push(...(children.get(one.agent.id) ?? []).toReversed().map((agent) => ({ agent, depth })));
    }
  }
  return tree;
}

/** Indenting further would leave no room for words. */
const deepest = 8;
