import { mapAtMost } from './at-most';

it('keeps the order and the limit', async () => {
  let running = 0;
  let most = 0;
  const results = await mapAtMost(3, [5, 1, 4, 2, 3], async (n) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < n; turn++) await Promise.resolve();
    running--;
    return n * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(3);
});

it('has nothing to do for nothing', async () => {
  expect(await mapAtMost(3, [], async () => 1)).toEqual([]);
});
