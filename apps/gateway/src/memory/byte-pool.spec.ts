import fc from 'fast-check';
import { BytePool, NeverRoomError, NoRoomError, type PoolLimits, type Share } from './byte-pool';

const limits: PoolLimits = { bytes: 100, waiting: { all: 8, ofOne: 4 }, patienceMs: 60_000 };

/** Shares as they are given, and what was refused. */
function asked(pool: BytePool) {
  const given: { name: string; share: Share }[] = [];
  const refused: { name: string; error: unknown }[] = [];
  const ask = (name: string, owner: string, bytes: number, signal?: AbortSignal) =>
    pool.take(owner, bytes, signal).then(
      (share) => void given.push({ name, share }),
      (error: unknown) => void refused.push({ name, error }),
    );
  const names = () => given.map(({ name }) => name);
  const release = (name: string) => given.find((one) => one.name === name)?.share.release();
  return { ask, names, release, refused };
}

const turn = () => new Promise<void>((done) => setImmediate(done));

it('gives what there is, lets others wait in their order, and serves them when something comes back', async () => {
  const pool = new BytePool(limits);
  const { ask, names, release } = asked(pool);
  void ask('a', 'ann', 50);
  void ask('b', 'bob', 40);
  void ask('c', 'cat', 40);
  void ask('d', 'dan', 10); // would fit, but came later
  await turn();
  expect(names()).toEqual(['a', 'b']);
  expect(pool.waiting).toBe(2);
  release('b');
  await turn();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  expect(pool.bytes).toBe(100);
});

it('gives nobody more than half by several shares, and keeps nobody waiting behind who has that', async () => {
  const pool = new BytePool(limits);
  const { ask, names, release } = asked(pool);
  void ask('a1', 'ann', 30);
  void ask('a2', 'ann', 30); // 60 of 100
  void ask('b', 'bob', 50);
  await turn();
  expect(names()).toEqual(['a1', 'b']);
  release('a1');
  await turn();
  expect(names()).toEqual(['a1', 'b', 'a2']);
});

it('gives one share of up to three quarters, and never more', async () => {
  const pool = new BytePool(limits);
  const { ask, names, refused } = asked(pool);
  await ask('large', 'ann', 75);
  await ask('too large', 'bob', 76);
  expect(names()).toEqual(['large']);
  expect(refused).toMatchObject([{ name: 'too large', error: expect.any(NeverRoomError) }]);
});

it('refuses at once where too many wait, of one owner or altogether', async () => {
  const pool = new BytePool(limits);
  const { ask, names, refused } = asked(pool);
  await ask('all', 'ann', 75);
  for (let n = 0; n < 5; n++) void ask(`a${n}`, 'ann', 1);
  await turn();
  expect(refused).toMatchObject([{ name: 'a4', error: expect.any(NoRoomError) }]);
  for (let n = 0; n < 5; n++) void ask(`b${n}`, `bob${n}`, 30);
  await turn();
  expect(refused.map(({ name }) => name)).toEqual(['a4', 'b4']);
  expect(names()).toEqual(['all']);
});

it('lets go who leaves, and who has waited for long', async () => {
  const pool = new BytePool({ ...limits, patienceMs: 20 });
  const { ask, names, refused, release } = asked(pool);
  await ask('all', 'ann', 75);
  const leaves = new AbortController();
  const leaving = ask('leaves', 'bob', 50, leaves.signal);
  const late = ask('late', 'cat', 60);
  leaves.abort(new Error('left'));
  await Promise.all([leaving, late]);
  expect(refused).toMatchObject([
    { name: 'leaves', error: { message: 'left' } },
    { name: 'late', error: expect.any(NoRoomError) },
  ]);
  expect(pool.waiting).toBe(0);
  release('all');
  expect([pool.bytes, names()]).toEqual([0, ['all']]);
});

it('takes more for a share where there is room, but not before who waits', async () => {
  const pool = new BytePool(limits);
  const share = await pool.take('ann', 20);
  expect(share.tryGrow(30)).toBe(true);
  expect(share.tryGrow(1)).toBe(false); // half of it all
  const other = await pool.take('bob', 40);
  const { ask, names } = asked(pool);
  void ask('waits', 'cat', 20);
  expect(other.tryGrow(5)).toBe(false);
  share.become(10);
  await turn();
  expect(names()).toEqual(['waits']);
  share.release();
  share.release();
  share.become(99);
  expect(pool.bytes).toBe(60);
});

it('has small shares wait for no larger one, and keeps a quarter for them', async () => {
  const pool = new BytePool({ ...limits, small: 5 });
  const { ask, names, release } = asked(pool);
  void ask('a', 'ann', 40);
  void ask('b', 'bob', 30);
  void ask('large', 'cat', 30); // there would be room, but not for large ones
  for (let n = 0; n < 5; n++) void ask(`small${n}`, 'dan', 5);
  await turn();
  expect(names()).toEqual(['a', 'b', 'small0', 'small1', 'small2', 'small3', 'small4']);
  void ask('small', 'eve', 5); // before it there is none, and it comes before the large one
  void ask('smaller', 'eve', 3);
  release('small0');
  await turn();
  expect(names().slice(7)).toEqual(['small', 'smaller']);
  release('a'); // 58 are held still
  await turn();
  expect(names()).not.toContain('large');
  release('b');
  await turn();
  expect(names().at(-1)).toBe('large');
});

it('leaves a quarter of what is an owner’s to small shares of its own', async () => {
  const pool = new BytePool({ ...limits, small: 5 });
  const { ask, names } = asked(pool);
  void ask('export', 'ann', 30);
  void ask('another', 'ann', 10); // beyond three quarters of 50
  void ask('small', 'ann', 5);
  await turn();
  expect(names()).toEqual(['export', 'small']);
});

/** Whatever comes in whatever order. */
const step = fc.oneof(
  fc.record({
    does: fc.constant('take' as const),
    owner: fc.constantFrom('ann', 'bob', 'cat'),
    bytes: fc.nat(110),
  }),
  fc.record({
    does: fc.constantFrom('release' as const, 'shrink' as const, 'leave' as const),
    which: fc.nat(),
  }),
);

it('never holds more than it has, lets each owner have its part, and gives everything back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(undefined, 20),
      async (steps, small) => {
        const pool = new BytePool({ ...limits, ...(small === undefined ? {} : { small }) });
        const held: Share[] = [];
        const waiting: AbortController[] = [];
        for (const one of steps) {
          if (one.does === 'take') {
            const leaves = new AbortController();
            waiting.push(leaves);
            pool.take(one.owner, one.bytes, leaves.signal).then(
              (share) => held.push(share),
              () => undefined,
            );
          } else if (one.does === 'leave') waiting[one.which % waiting.length]?.abort(new Error('left'));
          else {
            const share = held[one.which % held.length];
            if (one.does === 'release') share?.release();
            else share?.become(Math.floor(share.bytes / 2));
          }
          await turn();
          expect(pool.bytes).toBeLessThanOrEqual(100);
          expect(held.reduce((sum, share) => sum + share.bytes, 0)).toBe(pool.bytes);
          for (const owner of ['ann', 'bob', 'cat']) {
            const own = held.filter((share) => share.owner === owner && share.bytes > 0);
            const bytes = own.reduce((sum, share) => sum + share.bytes, 0);
            expect(bytes).toBeLessThanOrEqual(
              own.length === 1 ? 75 : Math.max(50, ...own.map((share) => share.bytes)),
            );
          }
        }
        // Nobody waits for ever: when all that was given comes back, again and again, all are served.
        for (let n = 0; n < steps.length; n++) {
          for (const share of held) share.release();
          await turn();
        }
        expect([pool.bytes, pool.waiting]).toEqual([0, 0]);
      },
    ),
    { numRuns: 200 },
  );
});
