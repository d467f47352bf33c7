import { firstMatch, parseSearchQuery, type SearchQuery } from '@telltale/domain';
import fc from 'fast-check';
import { longMatch } from './long-match';

const query = (text: string): SearchQuery => parseSearchQuery(text) ?? [];

it('finds the first match wherever it stands', async () => {
  const place = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 65_500, max: 73_800 }));
  await fc.assert(
    fc.asyncProperty(place, fc.constantFrom('brown fox', 'Fox', 'fox'), async (before, said) => {
      const text = `${'lazy '.repeat(before / 5)}${said} foxes ${'dog '.repeat(20_000)} fox`;
      const wanted = query(said === 'brown fox' ? '"brown fox"' : 'fox');
      expect(await longMatch(text, wanted)).toEqual(firstMatch(text, wanted));
    }),
    { numRuns: 60 },
  );
});

it('finds nothing where nothing is', async () => {
  expect(await longMatch('', query('fox'))).toBeUndefined();
  expect(await longMatch('foxes '.repeat(50_000), query('cat'))).toBeUndefined();
});

it('lets others have their turn meanwhile', async () => {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await longMatch('lazy dog '.repeat(100_000), query('fox'));
  isDone = true;
  expect(turns).toBeGreaterThan(5);
});
