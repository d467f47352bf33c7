import * as fc from 'fast-check';
import { Instants } from './instants';
import { Prefixes } from './prefixes';

const times = fc.array(fc.nat(50), { maxLength: 60 });

it('comes to what folding from the beginning comes to, before and after its marks are taken', () => {
  fc.assert(
    fc.property(times, fc.nat(60), fc.integer({ min: 1, max: 9 }), (unsorted, at, every) => {
      const values = unsorted.toSorted((a, b) => a - b).map((time) => ({ at: time }));
      const fold = (state: readonly number[], more: readonly { at: number }[]) => [
        ...state,
        ...more.map((one) => one.at),
      ];
      const prefixes = new Prefixes<{ at: number }, readonly number[]>(values, [], fold, every);
      const expected = values.filter((value) => value.at <= at).map((value) => value.at);
      expect(prefixes.at(at)).toEqual(expected);
      const steps = Array.from(prefixes.prepare());
      expect(steps.length).toBe(Math.floor(values.length / every));
      expect(prefixes.at(at)).toEqual(expected);
    }),
  );
});

it('knows the first and the last time up to any, in whatever order they came', () => {
  fc.assert(
    fc.property(times, fc.nat(60), (added, at) => {
      const instants = new Instants();
      for (const time of added) instants.add(time);
      const known = added.filter((time) => time > 0 && time <= at).sort((a, b) => a - b);
      expect(instants.upTo(at)).toEqual({ first: known[0] ?? 0, last: known.at(-1) ?? 0 });
    }),
  );
});
