import { fleetRoom, sessionRoom, type Room, type SubscribeAck } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { spawn, type ChildProcess } from 'node:child_process';
import { io } from 'socket.io-client';
import { LiveFollower, shownIn, type Shown } from '../testing/live-follower';
import { lossyNats, type LossyNats } from '../testing/lossy-nats';
import { pausableProxy, type PausableProxy } from '../testing/pausable-proxy';
import { buildPrograms, type Programs } from '../testing/programs';
import { Replica } from '../testing/replica';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';

// The law of the live interface on a real stack: whoever follows the protocol shows, in the end, what a fresh client is
// shown, whatever got lost on NATS, whichever replica it was at, and however often connections and gateways broke.

const names = ['one', 'two', 'three'] as const;
const rooms: readonly Room[] = [fleetRoom, ...names.map((name) => sessionRoom(`push:${name}`))];

/** No run is begun after this time. */
const boundMs = 25_000;
const patient = { timeoutMs: 40_000, everyMs: 100 };

let first: TestGateway;
let programs: Programs;
let ingest: ChildProcess | undefined;
const lossy: LossyNats[] = [];
/** What each had lost when it was last told to lose. */
const lostBefore: number[] = [];
const replicas: Replica[] = [];
const ways: PausableProxy[] = [];
let token: string;
const pushed = new Map<string, number>(names.map((name) => [name, 0]));

beforeAll(async () => {
  [first, programs] = await Promise.all([
    startTestGateway(),
    buildPrograms({ ingest: 'apps/ingest/src/main.ts' }),
  ]);
  const env = { NATS_URL: first.nats.url, DATABASE_URL: first.connections.config.databaseUrl };
  ingest = spawn(process.execPath, [programs.path('ingest')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, TELLTALE_HEALTH_PORT: '0' },
  });
  for (let n = 0; n < 2; n++) {
    const nats = await lossyNats(first.nats.as('gateway'));
    lossy.push(nats);
    const replica = await Replica.start(first, { natsUrl: nats.url });
    replicas.push(replica);
    ways.push(await pausableProxy(replica.url));
  }
  token = (await login(first.url, 'admin', adminPassword)).accessToken;
  for (const name of names) await push(name, 1);
  await allShown();
});
afterAll(async () => {
  for (const way of ways) way.close();
  await Promise.all(replicas.map((replica) => replica.stop()));
  for (const nats of lossy) nats.close();
  ingest?.kill('SIGKILL');
  await Promise.all([first.stop(), programs.remove()]);
});

async function push(name: string, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, n) => ({
    message: `message ${n} `.repeat(50),
    role: n % 2 === 0 ? 'user' : 'assistant',
    ...(n % 2 === 0 ? {} : { usage: { input: 10 + n, output: n }, tool: n % 3 === 0 ? 'Bash' : undefined }),
  }));
  const response = await first.fetch(`/api/sessions/${name}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...first.bearer('admin') },
    body: JSON.stringify({ messages }),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  pushed.set(name, (pushed.get(name) ?? 0) + count);
}

/** Everything that was pushed has been committed. */
async function allShown(): Promise<void> {
  const isShown = async (name: string) => {
    // Calls of tools that were pushed along would count as well.
    const { body } = await first.get(`/api/sessions/push:${name}/messages?limit=1&kind=prompt,assistant`);
    expect(body).toMatchObject({ total: pushed.get(name) });
  };
  for (const name of names) await eventually(() => isShown(name), patient);
}

async function fresh(room: Room): Promise<Shown> {
  const socket = io(`${first.url}/live`, { transports: ['websocket'], auth: { token }, forceNew: true });
  try {
    const answer: unknown = await socket.timeout(30_000).emitWithAck('subscribe', { room });
    return shownIn(answer as SubscribeAck);
  } finally {
    socket.disconnect();
  }
}

type Step =
  | { readonly do: 'push'; readonly name: string; readonly count: number }
  | { readonly do: 'lose'; readonly replica: number; readonly oneIn: number }
  /** Until what was pushed is committed, and its deltas have got lost. */
  | { readonly do: 'wait'; readonly replica: number }
  | { readonly do: 'move'; readonly client: number; readonly replica: number }
  | { readonly do: 'break'; readonly client: number }
  | { readonly do: 'stall'; readonly replica: number }
  | { readonly do: 'restart'; readonly replica: number };

const replica = fc.nat(1);
const client = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      name: fc.constantFrom(...names),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('lose' as const), replica, oneIn: fc.constantFrom(0, 1, 2, 4) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('move' as const, 'break' as const), client, replica }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'restart' as const), replica }) },
);

async function take(each: Step, followers: readonly LiveFollower[]): Promise<void> {
  switch (each.do) {
    case 'push':
      return push(each.name, each.count);
    case 'lose':
      return lose(each.replica, each.oneIn);
    case 'wait':
      return lost(each.replica);
    case 'restart':
      return replicas[each.replica]?.restart();
    case 'stall':
      return ways[each.replica]?.pause();
    case 'move':
      return followers[each.client]?.connect(ways[each.replica]?.url ?? '');
    case 'break':
      return followers[each.client]?.disconnect();
  }
}

/** Loses one in so many, none for 0; which ones is the same each time. */
function lose(replica: number, oneIn: number): void {
  let n = 0;
  lostBefore[replica] = lossy[replica]?.lost ?? 0;
  lossy[replica]?.lose(/^telltale\.live\./, () => oneIn > 0 && ++n % oneIn === 0);
}

async function lost(replica: number): Promise<void> {
  await allShown();
  await eventually(() => expect(lossy[replica]?.lost).toBeGreaterThan(lostBefore[replica] ?? 0), patient);
}

async function allFollow(followers: readonly LiveFollower[]): Promise<void> {
  for (const room of rooms) {
    const expected = async () => {
      const now = await fresh(room);
      for (const follower of followers) expect(follower.shown(room)).toEqual(now);
    };
    await eventually(expected, patient);
  }
}

/** Each goes to the other replica with the revisions it holds; now that nothing happens, that is all it takes. */
async function allResume(followers: readonly LiveFollower[]): Promise<void> {
  const snapshots = () => followers.map(({ answers }) => answers.snapshots);
  const before = { snapshots: snapshots(), upToDate: followers.map(({ answers }) => answers.upToDate) };
  for (const [n, follower] of followers.entries()) follower.connect(ways[(n + 1) % 2]?.url ?? '');
  await eventually(
    () =>
      expect(followers.map(({ answers }) => answers.upToDate)).toEqual(
        before.upToDate.map((count) => count + rooms.length),
      ),
    patient,
  );
  expect(snapshots()).toEqual(before.snapshots);
}

const lossOfAll: Step[] = [
  { do: 'push', name: 'one', count: 1 },
  { do: 'lose', replica: 0, oneIn: 1 },
  { do: 'push', name: 'one', count: 3 },
  { do: 'wait', replica: 0 },
  { do: 'restart', replica: 1 },
  { do: 'push', name: 'two', count: 3 },
];
/** Who comes anew holds what another in the room has missed. */
const lossOfOthers: Step[] = [
  { do: 'lose', replica: 0, oneIn: 1 },
  { do: 'push', name: 'one', count: 3 },
  { do: 'wait', replica: 0 },
  { do: 'break', client: 0 },
];

/** Who does not read has not heard that its replica ends. */
const restartOfStalled: Step[] = [
  { do: 'stall', replica: 1 },
  { do: 'push', name: 'two', count: 3 },
  { do: 'restart', replica: 1 },
];

it('a snapshot plus deltas equals the snapshot, under loss, reconnects, restarts and on two replicas', async () => {
  let deltas = 0;
  const begun = Date.now();
  const run = async (steps: readonly Step[]) => {
    if (Date.now() - begun > boundMs) return; // a slow machine takes fewer; what runs is left to its end
    const followers = [0, 1, 0, 1].map((at) => {
      const follower = new LiveFollower(token, rooms);
      follower.connect(ways[at]?.url ?? '');
      return follower;
    });
    try {
      await allFollow(followers); // who hears nothing yet has nothing to lose
      for (const each of steps) await take(each, followers);
      for (const [n, way] of ways.entries()) {
        lose(n, 0);
        way.resume();
      }
      for (const [n, follower] of followers.entries())
        if (follower.isAway) follower.connect(ways[n % 2]?.url ?? '');
      await allShown();
      await allFollow(followers);
      await allResume(followers);
      await allFollow(followers);
    } finally {
      for (const follower of followers) {
        follower.disconnect();
        deltas += follower.deltas.length;
      }
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), run), {
    numRuns: 10,
    endOnFailure: true,
    examples: [[lossOfAll], [lossOfOthers], [restartOfStalled]],
  });
  // The law would hold as well if nothing was ever lost, or nobody ever followed a delta.
  expect(lossy.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
  expect(deltas).toBeGreaterThan(0);
});
