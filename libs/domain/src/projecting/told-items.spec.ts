import { tokensOf } from '../counting';
import { BatchDraft } from './draft';
import type { Item } from './item';
import { toldItems } from './told-items';
import type { StoredUsage } from './usage-candidate';

const place = { sequence: 1, line: 0, offset: 0 };

function message(sessionId: string): Item {
  const draft = new BatchDraft();
  const said = {
    type: 'assistant',
    key: 'm:1',
    uuid: '1',
    model: null,
    preview: 'p',
    truncated: false,
  } as const;
  draft.add({ ...said, sessionId, agentId: null, at: 5000, place }, 'claude-code', 0);
  const [item] = draft.items.values();
  if (!item) throw new Error('there is no item');
  return item;
}

function usage(sessionId: string, input: number, counted: Partial<StoredUsage> = {}): StoredUsage {
  const tokens = tokensOf({
    ...{ input, output: 1, cacheWrite5m: 0 },
    cacheWrite1h: 0,
    cacheRead: 0,
    reasoning: 0,
  });
  const row = { requestId: `r${input}`, sidechain: false, uuid: '1', agentId: null, model: 'a-model' };
  return {
    ...{ messageKey: 'm:1', sessionId, place, owner: sessionId, costPico: BigInt(input), priceVersion: '1' },
    row: { ...row, speed: 'standard', at: 5000, tokens, webSearches: 0 },
    ...counted,
  };
}

const nobody = () => false;
const none = { items: [], usage: [] };
const told = (...args: Parameters<typeof toldItems>) =>
  toldItems(...args).map(({ item, usage: used }) => [item.sessionId, used?.tokens.input, used?.costPico]);

it('tells what a message used with all of its requests, changed or not', () => {
  const before = { items: [message('s')], usage: [usage('s', 2)] };
  expect(told(before, { items: [message('s')], usage: [usage('s', 5)] }, nobody)).toEqual([['s', 7, 7n]]);
  expect(told(before, { items: [message('s')], usage: [] }, nobody)).toEqual([['s', 2, 2n]]);
});

it('tells of a message again when only what it used changed', () => {
  const before = { items: [message('s')], usage: [] };
  expect(told(before, { items: [], usage: [usage('s', 5)] }, nobody)).toEqual([['s', 5, 5n]]);
  expect(told(before, none, nobody)).toEqual([]);
});

it('tells both sessions when what a message used moves from one to the other', () => {
  const before = {
    items: [message('early'), message('late')],
    usage: [usage('early', 5, { owner: null, costPico: null }), usage('late', 5)],
  };
  const moved = [usage('early', 5), usage('late', 5, { owner: null, costPico: null })];
  expect(told(before, { items: [], usage: moved }, nobody)).toEqual([
    ['early', 5, 5n],
    ['late', undefined, undefined],
  ]);
});

it('counts nothing of a deleted session, and prices what has a price', () => {
  const before = { items: [], usage: [usage('gone', 3, { owner: 's' })] };
  const changed = [usage('s', 5, { costPico: null }), usage('s', 6)];
  const isGone = (id: string) => id === 'gone';
  expect(told(before, { items: [message('s')], usage: changed }, isGone)).toEqual([['s', 11, 6n]]);
});
