import { ProblemException } from '../problems/problem';
import { BytePool, type PoolLimits } from './byte-pool';
import {
  apart,
  eachApart,
  lackedRoom,
  RequestMemory,
  roomFor,
  roomOrProblem,
  roomTaken,
} from './request-memory';

const limits = (bytes: number): PoolLimits => ({ bytes, waiting: { all: 2, ofOne: 2 }, patienceMs: 20 });
const never = new AbortController().signal;

let pools: { answers: BytePool; large: BytePool };
beforeEach(() => {
  pools = { answers: new BytePool(limits(100)), large: new BytePool(limits(1000)) };
});
const held = () => [pools.answers.bytes, pools.large.bytes];
const begin = (owner = 'ann', bytes = 10) => RequestMemory.begin(pools, { owner, bytes }, () => never);

it('holds what a request asks for until its answer is made, then the answer until it is sent', async () => {
  const memory = await begin();
  await memory.run(async () => {
    expect(await roomFor(300)).toBe(true);
    expect(await roomFor(100)).toBe(true);
    expect(roomTaken()).toBe(400);
  });
  expect(held()).toEqual([10, 400]);
  memory.made(150);
  expect(held()).toEqual([10, 140]);
  memory.end();
  expect(held()).toEqual([0, 0]);
});

it('counts an answer that is larger than was thought', async () => {
  const memory = await begin();
  memory.made(70);
  expect(held()).toEqual([70, 0]);
  memory.end();
  expect(held()).toEqual([0, 0]);
});

it('gives back what is not needed for a small answer', async () => {
  const memory = await begin();
  await memory.run(() => roomFor(300));
  memory.made(3);
  expect(held()).toEqual([3, 0]);
});

it('is a problem that passes where there is no room for long', async () => {
  await begin('bob', 60);
  const late = begin('ann', 60);
  await expect(late).rejects.toThrow(ProblemException);
  await expect(late).rejects.toMatchObject({ problem: { status: 503 }, headers: { 'retry-after': '2' } });
});

it('waits for the first, but for nothing more: two that hold something do not wait for each other', async () => {
  const [ann, bob] = [await begin('ann'), await begin('bob')];
  await ann.run(() => roomFor(500));
  await bob.run(() => roomFor(500));
  const more = (memory: RequestMemory) => memory.run(async () => [await roomFor(10), lackedRoom()]);
  expect(await Promise.all([more(ann), more(bob)])).toEqual([
    [false, true],
    [false, true],
  ]);
});

it('says so where there is never enough', async () => {
  const memory = await begin();
  expect(await memory.run(() => roomFor(751))).toBe(false);
  expect(await memory.run(() => Promise.resolve(lackedRoom()))).toBe(true);
});

it('is a problem that passes for who cannot do with less, unless there is never so much', async () => {
  const [ann, bob] = [await begin('ann'), await begin('bob')];
  await bob.run(() => roomFor(700));
  await ann.run(async () => {
    expect(await roomOrProblem(200)).toBe(true);
    await expect(roomOrProblem(200)).rejects.toMatchObject({ problem: { status: 503 } });
    expect(await roomOrProblem(301)).toBe(false); // more than half of it all together
  });
  ann.end();
  const other = await begin('ann');
  expect(await other.run(() => roomOrProblem(751))).toBe(false);
});

it('gives back what comes when the request is over', async () => {
  pools.large = new BytePool({ ...limits(1000), patienceMs: 60_000 });
  const other = await begin('bob');
  await other.run(() => roomFor(700));
  const memory = await begin('ann');
  const waits = memory.run(() => roomFor(400));
  await new Promise((done) => setImmediate(done));
  memory.end();
  other.end();
  expect(await waits).toBe(false);
  expect(held()).toEqual([0, 0]);
});

it('lets a part of a request have what it needs for itself alone', async () => {
  const memory = await begin();
  await memory.run(async () => {
    const sizes = await Promise.all(
      [300, 400, 500].map((bytes) => apart(async () => ((await roomFor(bytes)) ? roomTaken() : 0))),
    );
    expect(sizes).toEqual([300, 400, 500]);
    expect(roomTaken()).toBe(0);
  });
  expect(held()).toEqual([10, 0]);
});

it('holds each of many until the next is asked for, wherever that is', async () => {
  const memory = await begin();
  async function* texts() {
    for (const bytes of [100, 200, 300]) {
      await roomFor(bytes);
      yield bytes;
    }
  }
  const all = eachApart(texts());
  const first = await memory.run(() => all.next());
  const seen = [[first.value, ...held()]];
  // A socket that has drained asks from nowhere.
  for (let next = await all.next(); next.done !== true; next = await all.next())
    seen.push([next.value, ...held()]);
  expect(seen).toEqual([
    [100, 10, 100],
    [200, 10, 200],
    [300, 10, 300],
  ]);
  expect(held()).toEqual([10, 0]);
});

it('gives back what was held of one that is not read to its end', async () => {
  const memory = await begin();
  async function* texts() {
    await roomFor(100);
    yield 'one';
    yield 'two';
  }
  const all = eachApart(texts());
  await memory.run(() => all.next());
  await all.return(undefined);
  expect(held()).toEqual([10, 0]);
});

it('has no bounds where nobody asked', async () => {
  expect([await roomFor(1e12), roomTaken(), lackedRoom()]).toEqual([true, 0, false]);
  expect(await apart(async () => 'done')).toBe('done');
});
