import * as fc from 'fast-check';
import { KeptList, type KeptRow, type Place } from './kept-list';

const row = (id: number, at: number, text = `s${id}`): KeptRow => ({
  id: `s${id}`,
  at,
  json: JSON.stringify({ id: `s${id}`, at, text }),
});
type Step = readonly {
  readonly id: number;
  readonly at: number;
  readonly gone: boolean;
  readonly text: string;
}[];
const step: fc.Arbitrary<Step> = fc.array(
  fc.record({
    id: fc.nat(1500),
    at: fc.nat(40),
    gone: fc.boolean(),
    text: fc.string({ unit: 'grapheme', maxLength: 5 }),
  }),
  { maxLength: 30 },
);

const changesOf = (some: Step) =>
  new Map(some.map(({ id, at, gone, text }) => [`s${id}`, gone ? undefined : row(id, at, text)]));

function walk(list: KeptList, between: () => void = () => undefined): unknown[] {
  const parts: string[] = [];
  let place: Place | undefined;
  for (;;) {
    const page = list.behind(place);
    if (!page) return JSON.parse(`[${parts.join(',')}]`) as unknown[];
    parts.push(page.text.toString());
    place = page.last;
    between();
  }
}

function sorted(rows: ReadonlyMap<string, KeptRow>): unknown[] {
  const list = [...rows.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  return list.map(({ json }) => JSON.parse(json) as unknown);
}

it('is a sorted list of what there is, whatever came, moved and went', () => {
  fc.assert(
    fc.property(fc.nat(1400), fc.array(step, { maxLength: 8 }), (count, steps) => {
      const list = new KeptList();
      const rows = new Map<string, KeptRow>();
      const take = (changes: ReadonlyMap<string, KeptRow | undefined>) => {
        list.change(changes);
        for (const [id, one] of changes)
          if (one) rows.set(id, one);
          else rows.delete(id);
      };
      take(new Map(Array.from({ length: count }, (_, n) => [`s${n}`, row(n, n % 37)])));
      for (const each of steps) {
        take(changesOf(each));
        expect(walk(list)).toEqual(sorted(rows));
      }
      expect(list.bytes).toBe(
        [...rows.values()].reduce((sum, { json }) => sum + Buffer.byteLength(json), 0) + commas(list),
      );
    }),
    { numRuns: 40 },
  );
});

function commas(list: KeptList): number {
  let count = 0;
  for (let page = list.behind(); page; page = list.behind(page.last))
    count += (JSON.parse(`[${page.text.toString()}]`) as unknown[]).length - 1;
  return count;
}

it('shows one who walks it while it changes all that stay, once and in order', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      const list = new KeptList();
      list.change(new Map(Array.from({ length: 1500 }, (_, n) => [`s${n}`, row(n, n % 37)])));
      const touched = new Set(steps.flat().map(({ id }) => `s${id}`));
      const left = [...steps];
      const seen = walk(list, () => {
        const next = left.shift();
        if (next) list.change(changesOf(next));
      }) as { id: string; at: number }[];
      const staying = seen.filter(({ id }) => !touched.has(id));
      expect(staying).toHaveLength(1501 - touched.size - (touched.has('s1500') ? 0 : 1));
      expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((a, b) => b - a));
    }),
    { numRuns: 30 },
  );
});

it('keeps the bytes of pages that nothing touched', () => {
  const list = new KeptList();
  list.change(new Map(Array.from({ length: 1500 }, (_, n) => [`s${n}`, row(n, n)])));
  const pages = () => {
    const all: Buffer[] = [];
    for (let page = list.behind(); page; page = list.behind(page.last)) all.push(page.text);
    return all;
  };
  const before = new Set(pages());
  list.change(new Map([['s700', row(700, 700, 'other')]]));
  expect(before.size).toBeGreaterThan(4);
  expect(pages().filter((page) => !before.has(page))).toHaveLength(1);
});
