import fc from 'fast-check';
import { FleetChain } from './fleet-chain';

const begun = (revision = 'g.10'): FleetChain => {
  const chain = new FleetChain();
  chain.adopt(revision);
  return chain;
};

it('holds what it heard in any order and however often, and nothing beyond a gap', () => {
  const steps = fc.uniqueArray(fc.integer({ min: 11, max: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat(100)), (heard, again) => {
      const chain = begun();
      for (const step of heard) {
        chain.hear(`g.${step}`);
        chain.hear(`g.${heard[(again.next().value ?? 0) % heard.length] ?? step}`);
      }
      let upTo = 10;
      while (heard.includes(upTo + 1)) upTo++;
      for (let step = 1; step <= 31; step++) expect(chain.holds(`g.${step}`)).toBe(step <= upTo);
      expect(chain.isBroken).toBe(false);
    }),
  );
});

it('goes on from what was read, with what came before it was', () => {
  const chain = begun();
  for (const step of [12, 14, 15]) chain.hear(`g.${step}`);
  expect(chain.holds('g.12')).toBe(false);
  chain.adopt('g.13');
  expect(chain.holds('g.15')).toBe(true);
  chain.adopt('g.11');
  expect(chain.holds('g.15')).toBe(true);
});

it('is broken by another generation, until that is read', () => {
  const chain = begun();
  chain.hear('h.1');
  expect(chain.isBroken).toBe(true);
  expect(chain.holds('h.1')).toBe(false);
  chain.adopt('h.4');
  expect(chain.isBroken).toBe(false);
  expect([chain.holds('h.4'), chain.holds('g.10'), chain.holds('h.5')]).toEqual([true, false, false]);
});

it('is broken by more steps than anybody waits for', () => {
  const chain = begun();
  for (let step = 12; step <= 5012; step++) chain.hear(`g.${step}`);
  expect(chain.isBroken).toBe(true);
  chain.adopt('g.11');
  expect(chain.isBroken).toBe(false);
});

it.each(['', 'g', 'g.', 'g.x', '.', 'g.99999999999999999999999'])(
  'minds no revision that is none: %j',
  (text) => {
    const chain = begun();
    chain.hear(text);
    expect(chain.holds('g.10')).toBe(true);
  },
);
