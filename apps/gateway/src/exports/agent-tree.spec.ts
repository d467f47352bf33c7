import type { Agent } from '@telltale/contracts';
import fc from 'fast-check';
import { noTokens } from '../testing/rows';
import { agentTree } from './agent-tree';

const agent = (id: string, parentId: string | null): Agent => ({
  id,
  parentId,
  type: null,
  description: null,
  model: null,
  status: 'completed',
  startedAt: null,
  lastActivityAt: null,
  stats: { messages: 0, toolCalls: 0, tokens: noTokens, costUsd: null },
});
const told = (agents: Agent[]) => agentTree(agents).map(({ agent: { id }, depth }) => `${depth}${id}`);

it('puts agents under the one that started them', () => {
  const agents = [agent('b', 'a'), agent('a', null), agent('c', 'a'), agent('d', 'b'), agent('x', 'nobody')];
  expect(told(agents)).toEqual(['0a', '1b', '2d', '1c', '0x']);
});

it('tells of every agent once, however they name each other', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const agents = fc.uniqueArray(fc.tuple(name, fc.option(name, { nil: null })), { selector: ([id]) => id });
  fc.assert(
    fc.property(agents, (all) => {
      const tree = agentTree(all.map(([id, parent]) => agent(id, parent)));
      expect(tree.map(({ agent: { id } }) => id).toSorted()).toEqual(all.map(([id]) => id).toSorted());
    }),
  );
});

it('holds a chain of any length', () => {
  const chain = Array.from({ length: 50_000 }, (_, n) => agent(String(n), n === 0 ? null : String(n - 1)));
  expect(agentTree(chain)).toHaveLength(50_000);
});
