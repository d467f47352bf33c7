import * as fc from 'fast-check';
import { Pile } from './pile';

it('joins all in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 2 }), { minLength: 1, maxLength: 70 }),
      ([first, ...rest]) => {
        const pile = new Pile<string>((a, b) => a + b, first ?? '');
        for (const next of rest) pile.add(next);
        expect(pile.whole).toBe([first, ...rest].join(''));
      },
    ),
  );
});

it('copies no large one for each small one', () => {
  let copied = 0;
  const pile = new Pile<number>((a, b) => {
    copied += a + b;
    return a + b;
  }, 1);
  for (let n = 1; n < 10_000; n++) pile.add(1);
  expect(pile.whole).toBe(10_000);
  expect(copied).toBeLessThan(10_000 * 20);
});
