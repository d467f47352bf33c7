import { KnownSessions, type KnownSession, type SaidOfSession } from './known-sessions';

const whole = (sessionId: string, revision: bigint, costPico: bigint, projectPath: string | null = '/a') => ({
  ...{ sessionId, revision, costPico, projectPath },
  lastActivityAt: 1000,
});
const rises = (said: readonly SaidOfSession[], known = new KnownSessions(10)) =>
  said.map((each) => {
    const heard = known.hear(each);
    return typeof heard === 'object' ? heard.risePico : heard;
  });

it('tells by how much a cost rose; all of it at first', () => {
  const costs = [5n, 7n, 7n, 4n, 6n].map((cost, n) => whole('s', BigInt(n + 1), cost));
  expect(rises(costs)).toEqual([5n, 2n, 0n, 0n, 2n]);
});

it('takes no older news for newer', () => {
  const [first, second, third] = [whole('s', 1n, 9n), whole('s', 2n, 1n), whole('s', 3n, 6n)];
  expect(rises([second, first, second, third])).toEqual([1n, undefined, undefined, 5n]);
});

it('counts all of it where the session came to another project', () => {
  expect(rises([whole('s', 1n, 5n), whole('s', 2n, 6n, '/b'), whole('s', 3n, 6n, null)])).toEqual([
    5n,
    6n,
    6n,
  ]);
});

it('goes on from what it knows where a delta tells a part, and says where it knows nothing', () => {
  const part = { sessionId: 's', revision: 2n, costPico: 8n };
  expect(
    rises([part, whole('s', 1n, 5n), part, { sessionId: 's', revision: 3n, lastActivityAt: 2000 }]),
  ).toEqual(['stranger', 5n, 3n, 0n]);
  const known = new KnownSessions(10);
  known.hear(whole('s', 1n, 5n));
  expect(known.hear(part)).toEqual({
    sessionId: 's',
    costPico: 8n,
    projectPath: '/a',
    lastActivityAt: 1000,
    risePico: 3n,
  });
});

it('learns what stands in the database, unless it knows better', () => {
  const known = new KnownSessions(10);
  const row = (revision: bigint, costPico: bigint): KnownSession => ({ ...whole('s', revision, costPico) });
  expect(known.learn('s', row(4n, 5n))).toMatchObject({ risePico: 5n });
  expect(known.learn('s', row(3n, 9n))).toBeUndefined();
  expect(known.learn('s', row(5n, 9n))).toMatchObject({ risePico: 4n });
});

it('forgets, one by one and all, and first what it heard of longest ago', () => {
  const known = new KnownSessions(2);
  const hear = (id: string, revision: bigint) => rises([whole(id, revision, revision)], known)[0];
  expect([hear('a', 1n), hear('b', 1n), hear('a', 2n), hear('c', 1n), hear('a', 3n), hear('b', 2n)]).toEqual([
    ...[1n, 1n, 1n, 1n, 1n, 2n],
  ]);
  known.forget('b');
  expect(hear('b', 3n)).toBe(3n);
  known.clear();
  expect(hear('b', 4n)).toBe(4n);
});
