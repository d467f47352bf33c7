import * as fc from 'fast-check';
import type { UsageRow } from '../observation';
import { betterRow, compareRows, decideEntries } from './index';
import { anyRow, usageRow } from '../testing/usage-rows';

const uuids = (rows: readonly UsageRow[]): [string | null, string][] =>
  decideEntries(rows).map(({ requestId, winner }) => [requestId, winner.uuid]);

describe('which rows of a message make an entry (rule 1)', () => {
  it('has no entry without rows', () => expect(decideEntries([])).toEqual([]));

  it('counts each request of the main agent', () => {
    const rows = [
      usageRow({ requestId: 'b', uuid: '1' }),
      usageRow({ requestId: 'a', uuid: '2' }),
      usageRow({ requestId: 'b', uuid: '3' }),
    ];
    expect(uuids(rows)).toEqual([
      ['a', '2'],
      ['b', '1'],
    ]);
  });

  it('lets a row without request id join the smallest', () => {
    const rows = [
      usageRow({ requestId: 'b', uuid: '1' }),
      usageRow({ requestId: null, uuid: '2', tokens: { output: 9 } }),
      usageRow({ requestId: 'a', uuid: '3' }),
    ];
    expect(uuids(rows)).toEqual([
      ['a', '2'],
      ['b', '1'],
    ]);
  });

  it('makes one entry of rows that all lack a request id', () => {
    expect(
      uuids([usageRow({ requestId: null, uuid: '2' }), usageRow({ requestId: null, uuid: '1' })]),
    ).toEqual([[null, '1']]);
  });

  it('never counts a sidechain replay beside the main row, however large', () => {
    const rows = [
      usageRow({ requestId: 'z', sidechain: true, uuid: '1', tokens: { output: 999 } }),
      usageRow({ requestId: 'a', uuid: '2' }),
    ];
    expect(uuids(rows)).toEqual([['a', '2']]);
  });

  it('makes one entry of a message that only sidechains know', () => {
    const rows = [
      usageRow({ requestId: 'b', sidechain: true, uuid: '1' }),
      usageRow({ requestId: 'a', sidechain: true, uuid: '2', tokens: { output: 1 } }),
    ];
    expect(uuids(rows)).toEqual([['a', '2']]);
  });
});

describe('which row wins (rule 2)', () => {
  const base = usageRow({ speed: 'standard', uuid: 'm', at: 5, tokens: { output: 10 } });
  it.each<[string, UsageRow]>([
    [
      'a main row before a sidechain one',
      { ...base, sidechain: true, tokens: usageRow({ tokens: { output: 99 } }).tokens },
    ],
    ['the larger total', { ...base, uuid: 'a', at: 1, tokens: usageRow({ tokens: { output: 9 } }).tokens }],
    ['the one that states speed', { ...base, speed: null, uuid: 'a', at: 1 }],
    ['the earlier timestamp', { ...base, at: 6, uuid: 'a' }],
    ['the smaller uuid', { ...base, uuid: 'n' }],
  ])('%s', (_, loser) => {
    expect(betterRow(base, loser)).toBe(base);
    expect(betterRow(loser, base)).toBe(base);
  });

  it('takes the whole row, never the largest of each field', () => {
    const a = usageRow({ uuid: 'a', tokens: { input: 100, output: 1 } });
    const b = usageRow({ uuid: 'b', tokens: { input: 1, output: 50 } });
    expect(decideEntries([b, a])[0]?.winner.tokens).toEqual(a.tokens);
  });

  it('gives back the first of rows that count the same', () => {
    const rows = [
      { ...base, session: 's1' },
      { ...base, session: 's2' },
    ];
    expect(decideEntries(rows)[0]?.winner.session).toBe('s1');
  });
});

describe('laws of counting', () => {
  const rows = fc.array(anyRow, { minLength: 1, maxLength: 8 });

  it('does not depend on order or duplication', () => {
    const shuffled = rows.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed]) => expect(decideEntries(mixed)).toEqual(decideEntries(all))),
    );
  });

  it('has winners that no row of their entry beats', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const main = all.filter((row) => !row.sidechain);
        for (const { requestId, winner } of decideEntries(all)) {
          const rivals = main.length === 0 ? all : main.filter((row) => row.requestId === requestId);
          for (const rival of rivals) expect(compareRows(winner, rival)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('may reduce rows of one request beforehand', () => {
    const slot = (row: UsageRow): string => `${row.requestId}|${row.sidechain}`;
    fc.assert(
      fc.property(rows, (all) => {
        const reduced = new Map<string, UsageRow>();
        for (const row of all) reduced.set(slot(row), betterRow(reduced.get(slot(row)) ?? row, row));
        expect(decideEntries([...reduced.values()])).toEqual(decideEntries(all));
      }),
    );
  });

  it('orders rows totally', () => {
    fc.assert(
      fc.property(anyRow, anyRow, anyRow, (a, b, c) => {
        expect(betterRow(betterRow(a, b), c)).toEqual(betterRow(a, betterRow(b, c)));
        expect(betterRow(a, b)).toEqual(betterRow(b, a));
      }),
    );
  });
});
