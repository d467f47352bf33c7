import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gathering } from './gathering';

const done = { status: 'fulfilled', value: undefined } as const;

describe('work that is done together', () => {
  it('goes alone where nothing else is there, and with all that came meanwhile', async () => {
    const groups: (readonly string[])[] = [];
    let end = (): void => undefined;
    const gathering = new Gathering<string>(1, async (group) => {
      groups.push(group);
      await new Promise<void>((resolve) => (end = resolve));
      return group.map(() => done);
    });
    const first = gathering.run('a');
    await nextTurn();
    const others = ['b', 'c', 'd'].map((work) => gathering.run(work));
    await nextTurn();
    expect(groups).toEqual([['a']]);
    end();
    await first;
    await nextTurn();
    expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
    end();
    await Promise.all(others);
  });

  it('fails for those whose fault it is, and for all where the whole failed', async () => {
    const gathering = new Gathering<string>(1, (group) => {
      if (group.includes('broken')) return Promise.reject(new Error('all'));
      return Promise.resolve(
        group.map((work) => (work === 'bad' ? { status: 'rejected', reason: new Error('bad') } : done)),
      );
    });
    const ends = await Promise.allSettled(['good', 'bad'].map((work) => gathering.run(work)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const all = await Promise.allSettled(['good', 'broken'].map((work) => gathering.run(work)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(gathering.run('good')).resolves.toBeUndefined();
  });

  it('is done once each, whatever comes when, and never in more groups at once than may be', async () => {
    const waits = fc.array(fc.nat(3), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), waits, async (atOnce, turns) => {
        const seen: number[] = [];
        let running = 0;
        const gathering = new Gathering<number>(atOnce, async (group) => {
          expect(++running).toBeLessThanOrEqual(atOnce);
          expect(group.length).toBeGreaterThan(0);
          seen.push(...group);
          for (let n = 0; n < group.length % 4; n++) await nextTurn();
          running -= 1;
          return group.map(() => done);
        });
        const all: Promise<void>[] = [];
        for (const [work, wait] of turns.entries()) {
          all.push(gathering.run(work));
          for (let n = 0; n < wait; n++) await nextTurn();
        }
        await Promise.all(all);
        expect(seen).toEqual([...turns.keys()]);
      }),
    );
  });
});
