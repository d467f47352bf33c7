import { tokensOf } from '../counting';
import type { UsageRow } from '../observation';
import { lostTo } from './trace-usage';

const none = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, reasoning: 0 };
const row = (changes: Partial<UsageRow>, output = 5): UsageRow => ({
  ...{
    requestId: 'r',
    sidechain: false,
    uuid: 'u',
    agentId: null,
    model: 'm',
    speed: null,
    at: 10,
    webSearches: 0,
  },
  tokens: tokensOf({ ...none, output }),
  ...changes,
});

it.each([
  [row({ sidechain: true }), row({}), "superseded by the main agent's row of the same message"],
  [row({}), row({ at: 20 }, 9), 'superseded by a later row of the same message, which states more tokens'],
  [row({}), row({ at: 5 }, 9), 'superseded by another row of the same message, which states more tokens'],
  [row({}), row({ speed: 'fast' }), 'superseded by another row of the same message, which states its speed'],
  [row({ uuid: 'v' }), row({}), 'repeats a row of the same message, which counts once'],
])('%#', (loser, winner, words) => expect(lostTo(loser, winner)).toBe(words));
