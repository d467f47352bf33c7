import fc from 'fast-check';
import { MemoryReadModel } from '../testing';
import type { Observation } from '../observation';
import { keptNames, otherNames } from './by-name';
import { viewOf } from './view';

const start = Date.UTC(2026, 0, 1, 10);
const calls = keptNames + 60;

/** Tools that somebody made up, each used once and linked to. */
function used(n: number): Observation[] {
  const at = start + n * 1000;
  const common = { sessionId: 's', at, place: { sequence: n + 1, line: 0, offset: n }, agentId: null };
  return [
    { ...common, type: 'activity' },
    {
      ...common,
      type: 'tool-use',
      key: `t:${n}`,
      name: `made-up-${n}`,
      input: '',
      model: null,
    },
    { ...common, type: 'link', kind: 'pr', label: `${n}`, url: `https://example.org/${n}` },
  ];
}

function viewAfter(order: readonly number[], cut: number) {
  const model = new MemoryReadModel();
  for (let from = 0; from < order.length; from += cut) {
    model.apply(order.slice(from, from + cut).flatMap(used));
  }
  const state = model.sessions.get('s');
  if (state === undefined) throw new Error('there is no session');
  return { state, view: viewOf(state, start) };
}

it('tells so many names apart, sums up the others, and loses none of what was counted, in any order and cut', () => {
  const inOrder = Array.from({ length: calls }, (_, n) => n);
  const expected = viewAfter(inOrder, calls);
  const { tools } = expected.view.detail;
  expect(tools).toHaveLength(keptNames + 1);
  expect(tools.find(({ name }) => name === otherNames)).toMatchObject({ calls: calls - keptNames });
  expect(expected.view.summary.stats.toolCalls).toBe(calls);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(inOrder, { minLength: calls, maxLength: calls }),
      fc.integer({ min: 30, max: calls }),
      (order, cut) => expect(viewAfter(order, cut)).toEqual(expected),
    ),
    { numRuns: 15 },
  );
});

it('takes what moves to another session from the others, where it was summed up with them', () => {
  const model = new MemoryReadModel();
  const use = (sessionId: string, n: number, at: number) =>
    used(n).map((observation) => ({ ...observation, sessionId, at }));
  model.apply(Array.from({ length: calls }, (_, n) => use('later', n, start + n)).flat());
  const told = () => {
    const state = model.sessions.get('later');
    if (state === undefined) throw new Error('there is no session');
    return { tools: state.tools, shown: viewOf(state, start).summary.stats.toolCalls };
  };
  const named = (isKept: boolean) =>
    Array.from({ length: calls }, (_, n) => n).filter(
      (n) => Object.hasOwn(before.tools, `made-up-${n}`) === isKept,
    );
  const before = told();
  // An earlier session turns up that all calls are copied from; first those that have names of their own.
  const [kept, others] = [named(true), named(false)];
  for (const moved of [kept.slice(0, 150), others, kept.slice(150)]) {
    const shown = told().shown;
    model.apply(moved.flatMap((n) => use('earlier', n, start - 1_000 + n)));
    expect(told().shown).toBe(shown - moved.length);
    expect(Object.values(told().tools).every(({ calls: count }) => count > 0)).toBe(true);
  }
  expect(told().tools).toEqual({});
});
