import * as fc from 'fast-check';
import { GatheredReads } from './gathered-reads';

it('gives nobody an answer whose reading began before they asked, and reads what they asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.nat(3), { maxLength: 12 }), async (scheduler, keys) => {
      let now = 0;
      let underWay = 0;
      const reads = new GatheredReads<number, { began: number; keys: ReadonlySet<number> }>(async (asked) => {
        const began = ++now;
        underWay += 1;
        expect(underWay).toBe(1);
        await scheduler.schedule(Promise.resolve());
        underWay -= 1;
        return { began, keys: asked };
      });
      const answers = keys.map((key) =>
        scheduler.schedule(Promise.resolve()).then(async () => {
          const asked = ++now;
          const answer = await reads.ask(key);
          expect(answer.began).toBeGreaterThan(asked);
          expect(answer.keys.has(key)).toBe(true);
        }),
      );
      await scheduler.waitFor(Promise.all(answers));
    }),
  );
});

it('tells a failure to those who asked, and goes on', async () => {
  let attempts = 0;
  let fail: (() => void) | undefined;
  const reads = new GatheredReads<string, number>(() => {
    attempts += 1;
    if (attempts > 1) return Promise.resolve(attempts);
    return new Promise((_, reject) => (fail = () => reject(new Error('away'))));
  });
  const asked = [reads.ask('a')];
  while (fail === undefined) await Promise.resolve();
  asked.push(reads.ask('b'), reads.ask());
  fail();
  const [first, second, third] = await Promise.allSettled(asked);
  expect(first).toMatchObject({ status: 'rejected' });
  expect([second, third]).toEqual([
    { status: 'fulfilled', value: 2 },
    { status: 'fulfilled', value: 2 },
  ]);
});
