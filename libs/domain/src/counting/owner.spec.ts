import * as fc from 'fast-check';
import { ownerOf, type Claim } from './owner';

const claim = (sessionId: string, startedAt: number | null, forked = false): Claim => ({
  sessionId,
  startedAt,
  forked,
});

describe('whom a key belongs to (rule 3)', () => {
  it.each<[string, Claim[], string]>([
    ['the session that started earliest', [claim('a', 20), claim('b', 10, true)], 'b'],
    ['on a tie the one not forked', [claim('a', 10, true), claim('b', 10)], 'b'],
    ['then the smaller id', [claim('b', 10), claim('a', 10)], 'a'],
    ['a session of unknown start last', [claim('a', null), claim('b', 99)], 'b'],
  ])('%s', (_, claims, owner) => expect(ownerOf(claims)).toBe(owner));

  it('refuses a key that nobody claims', () => expect(() => ownerOf([])).toThrow(RangeError));

  it('does not depend on the order of arrival', () => {
    const claims = fc.uniqueArray(
      fc.record({
        sessionId: fc.constantFrom('a', 'b', 'c', 'd'),
        startedAt: fc.constantFrom(null, 1, 2),
        forked: fc.boolean(),
      }),
      { minLength: 1, selector: (one) => one.sessionId },
    );
    const orders = claims.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(fc.property(orders, ([all, mixed]) => expect(ownerOf(mixed)).toBe(ownerOf(all))));
  });
});
