import { memoryPlan } from './memory-plan';

const MiB = 1024 * 1024;

it('takes parts of the heap, together less than it, and no more than is enough', () => {
  for (const limit of [64, 256, 448, 1024, 2048, 4288, 100_000].map((size) => size * MiB)) {
    const { answers, large, replays } = memoryPlan(limit);
    expect(answers + large + 2 * replays).toBeLessThanOrEqual(limit * 0.625);
    expect(Math.min(answers, large, replays)).toBeGreaterThan(0);
  }
  expect(memoryPlan(4288 * MiB)).toEqual({
    ...{ answers: 128 * MiB, large: 384 * MiB, replays: 64 * MiB },
    sockets: 32_768,
  });
  expect(memoryPlan(448 * MiB)).toEqual({
    ...{ answers: 32 * MiB, large: 96 * MiB, replays: 16 * MiB },
    sockets: 2048,
  });
});

it('has room for the largest session and the longest text where the heap is large enough', () => {
  const largest = memoryPlan(1280 * MiB).large * 0.75;
  expect(largest).toBeGreaterThanOrEqual(250_000 * 1200);
  expect(largest).toBeGreaterThanOrEqual(8 * 16 * MiB);
});
