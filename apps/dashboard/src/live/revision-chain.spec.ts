import type { Delta } from '@telltale/contracts';
import fc from 'fast-check';
import { sampleDelta } from '../testing/samples';
import { RevisionChain, holdMs } from './revision-chain';

const chainOf = (count: number): Delta[] =>
  Array.from({ length: count }, (_, n) => sampleDelta(n, { branch: String(n) }));
const names = (deltas: readonly Delta[]): string[] => deltas.map((delta) => delta.to);

/** Every delta of `chain` at least once, some of them more often, in any order, cut into batches. */
const deliveryOf = (chain: readonly Delta[]): fc.Arbitrary<Delta[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...chain], { minLength: chain.length }),
      fc.array(fc.constantFrom(...chain), { maxLength: 10 }),
      fc.array(fc.nat(40), { maxLength: 5 }),
    )
    .map(([all, again, cuts]) => {
      const stream = [...all, ...again];
      const places = [0, ...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
      return places.slice(1).map((end, i) => stream.slice(places[i], end));
    });

describe('RevisionChain', () => {
  it('hands on what follows the snapshot, in order, once', () => {
    const chain = new RevisionChain();
    chain.adopt('g.0');
    const [first, second] = chainOf(2);
    expect(names(chain.accept([first!, second!], 0))).toEqual(['g.1', 'g.2']);
    expect(chain.accept([first!, second!], 1)).toEqual([]);
    expect(chain.revision).toBe('g.2');
  });

  it('holds what came too early until the one before it is there', () => {
    const chain = new RevisionChain();
    chain.adopt('g.0');
    const [first, second] = chainOf(2);
    expect(chain.accept([second!], 100)).toEqual([]);
    expect(chain.deadline).toBe(100 + holdMs);
    expect(names(chain.accept([first!], 200))).toEqual(['g.1', 'g.2']);
    expect(chain.deadline).toBeNull();
  });

  it('drops what the snapshot holds already and goes on with what follows it', () => {
    const chain = new RevisionChain();
    const deltas = chainOf(5);
    chain.restart();
    expect(chain.accept(deltas, 0)).toEqual([]);
    expect(names(chain.adopt('g.3'))).toEqual(['g.4', 'g.5']);
    expect(chain.deadline).toBeNull();
  });

  it('forgets what was received before a snapshot was asked for', () => {
    const chain = new RevisionChain();
    chain.adopt('g.0');
    chain.accept([sampleDelta(7, {})], 0);
    chain.restart();
    expect(chain.adopt('g.9')).toEqual([]);
    expect(chain.deadline).toBeNull();
  });

  it('hands on an alert, which leads nowhere, whatever waits, and waits for nothing itself', () => {
    const chain = new RevisionChain();
    const alert = { ...sampleDelta(5, {}), from: 'g.5', to: 'g.5' };
    expect(chain.accept([alert], 0)).toEqual([]); // no snapshot yet: it is asked for by REST
    chain.adopt('g.0');
    const [first, second] = chainOf(2);
    expect(names(chain.accept([second!, alert], 100))).toEqual(['g.5']);
    expect(chain.revision).toBe('g.0');
    expect(names(chain.accept([first!], 101))).toEqual(['g.1', 'g.2']);
    expect(chain.deadline).toBeNull();
  });

  it('law: any order and any duplication within the window give the same sequence', () => {
    const chains = fc.integer({ min: 1, max: 12 }).map(chainOf);
    fc.assert(
      fc.property(
        chains.chain((deltas) =>
          fc.tuple(fc.constant(deltas), deliveryOf(deltas), fc.nat(deltas.length), fc.nat(4)),
        ),
        ([deltas, batches, snapshotAt, adoptAfter]) => {
          const chain = new RevisionChain();
          chain.restart();
          const applied: Delta[] = [];
          batches.forEach((batch, i) => {
            if (i === adoptAfter) applied.push(...chain.adopt(`g.${snapshotAt}`));
            applied.push(...chain.accept(batch, i));
          });
          if (adoptAfter >= batches.length) applied.push(...chain.adopt(`g.${snapshotAt}`));
          expect(names(applied)).toEqual(names(deltas.slice(snapshotAt)));
        },
      ),
    );
  });
});
