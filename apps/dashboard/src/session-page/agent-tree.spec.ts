import type { Agent } from '@telltale/contracts';
import { sampleAgent, sampleSession, sampleStats, sampleTokens } from '../testing/samples';
import { agentTree } from './agent-tree';

const agent = (id: string, parentId: string | null, costUsd: number | null, total = 100): Agent =>
  sampleAgent(id, {
    parentId,
    stats: { messages: 1, toolCalls: 1, tokens: sampleTokens(total), costUsd },
  });
const treeOf = (agents: Agent[], costUsd: number | null = 10) =>
  agentTree(sampleSession({ agents, stats: sampleStats({ costUsd, tokens: sampleTokens(1000) }) }));

describe('agentTree', () => {
  it('gives the main agent what the others have not', () => {
    const nodes = treeOf([agent('a', null, 2), agent('b', 'a', 3)]);
    expect(nodes.map((node) => [node.id, node.depth, node.costUsd, node.share])).toEqual([
      ['', 0, 5, 0.5],
      ['a', 1, 2, 0.2],
      ['b', 2, 3, 0.3],
    ]);
  });

  it('shares by tokens where nothing has a price', () => {
    const nodes = treeOf([agent('a', null, null, 250)], null);
    expect(nodes.map((node) => [node.costUsd, node.share])).toEqual([
      [null, 0.75],
      [null, 0.25],
    ]);
  });

  it('loses no agent whose parent is unknown, or that goes in circles', () => {
    const ids = treeOf([
      agent('a', 'gone', 1),
      agent('b', 'c', 1),
      agent('c', 'b', 1),
      agent('d', 'd', 1),
    ]).map((node) => node.id);
    expect([...ids].sort()).toEqual(['', 'a', 'b', 'c', 'd']);
  });

  it('is called by what it was sent to do, else by what it is', () => {
    const [main, sent, unsent] = treeOf([
      sampleAgent('a', { type: 'Explore', description: 'Find the callers', model: 'claude-haiku-4-5' }),
      sampleAgent('b', { type: 'Explore' }),
    ]);
    expect(main).toMatchObject({ name: 'Main agent', model: 'claude-opus-4-8', toolCalls: 3 });
    expect(sent).toMatchObject({ name: 'Find the callers', type: 'Explore', model: 'claude-haiku-4-5' });
    expect(unsent).toMatchObject({ name: 'Explore', type: null });
  });
});
