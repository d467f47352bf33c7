import { countOf, type Count, type CounterStart, type Totals } from './counters';

const totals = (input: number, output = 0, cached = 0): Totals => [input, cached, 0, output, 0];

/** Input and output that a run of counts comes to, one figure pair a count; null for none. */
function run(counts: readonly Count[], start: CounterStart = 'new'): (readonly [number, number] | null)[] {
  let counters: readonly Totals[] = [];
  return counts.map((count) => {
    const counted = countOf(count, counters, start);
    counters = counted.counters;
    return counted.usage === null ? null : [counted.usage[0], counted.usage[3]];
  });
}

const count = (total: Totals, last: Totals | null = null): Count => ({ total, last });

describe('what a token_count adds', () => {
  it('is the change of the total, whatever is said of the last call', () =>
    expect(
      run([
        count(totals(100, 5)),
        count(totals(250, 9), totals(250, 9)),
        count(totals(400, 20), totals(10, 1)),
      ]),
    ).toEqual([
      [100, 5],
      [150, 4],
      [150, 11],
    ]));

  it('is nothing where the total is unchanged, also after a compaction estimates the last call anew', () =>
    expect(run([count(totals(100, 5), totals(100, 5)), count(totals(100, 5), totals(9000))])).toEqual([
      [100, 5],
      null,
    ]));

  it('is the total where that fell: a new start', () =>
    expect(run([count(totals(1000, 50)), count(totals(300, 20)), count(totals(500, 30))])).toEqual([
      [1000, 50],
      [300, 20],
      [200, 10],
    ]));

  it('is nothing where the context was full: the total is emptied, and the next count starts there', () =>
    expect(run([count(totals(1000, 50)), count(totals(0)), count(totals(70, 2), totals(70, 2))])).toEqual([
      [1000, 50],
      null,
      [70, 2],
    ]));

  it('is the last call where a counter beside it goes on: a review, another process', () =>
    expect(
      run([
        count(totals(1000, 50), totals(1000, 50)),
        count(totals(20, 2), totals(20, 2)),
        count(totals(1300, 60), totals(300, 10)),
        count(totals(45, 3), totals(25, 1)),
        count(totals(45, 3), totals(25, 1)),
        count(totals(1300, 60), totals(300, 10)),
      ]),
    ).toEqual([[1000, 50], [20, 2], [300, 10], [25, 1], null, null]));

  it('is the last call alone where the counter goes on from another session’s', () => {
    const counts = [
      count(totals(900_000, 400), totals(20_000, 90)),
      count(totals(930_000, 500), totals(30_000, 100)),
    ];
    expect(run(counts, 'continued')).toEqual([
      [20_000, 90],
      [30_000, 100],
    ]);
    expect(run(counts, 'replayed')).toEqual([null, [30_000, 100]]);
    expect(run(counts, 'new')[0]).toEqual([900_000, 400]);
  });

  it('is the first total where the last call is all of it, or is not stated', () => {
    expect(run([count(totals(100), totals(100))], 'replayed')).toEqual([[100, 0]]);
    expect(run([count(totals(100))], 'continued')).toEqual([[100, 0]]);
  });

  it('is the last call where no total is stated', () =>
    expect(
      run([
        { total: null, last: totals(30, 3) },
        { total: null, last: totals(0) },
      ]),
    ).toEqual([[30, 3], null]));

  it('knows a few counters and no more', () => {
    let counters: readonly Totals[] = [];
    for (let n = 100; n > 0; n--) counters = countOf(count(totals(n)), counters, 'new').counters;
    expect(counters).toHaveLength(8);
  });
});
