import {
  alertListSchema,
  alertSchema,
  alertSubjects,
  type Alert,
  type ClientToServerEvents,
  type Delta,
  type ServerToClientEvents,
  type SubscribeAck,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { BudgetClient } from './testing/budget-client';
import { Replica } from '../testing/replica';
import { SpendingFleet } from './testing/spending-fleet';
import { risingTimes, zoneAtNoon } from './testing/times';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

let gateway: TestGateway;
let other: Replica;
let client: BudgetClient;
let fleet: SpendingFleet;
let token: string;
const onNats: { subject: string; type: string; id: string; alert: Alert }[] = [];
const sockets: Client[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  other = await Replica.start(gateway);
  client = new BudgetClient(gateway);
  fleet = new SpendingFleet(gateway.connections);
  token = (await login(gateway.url, 'admin', adminPassword)).accessToken;
  const { nats } = gateway.connections;
  nats.subscribe(alertSubjects, {
    callback: (_, message) => {
      const header = (name: string) => message.headers?.get(name) ?? '';
      const alert = alertSchema.parse(message.json());
      onNats.push({ subject: message.subject, type: header('ce-type'), id: header('ce-id'), alert });
    },
  });
  await nats.flush();
});
afterAll(async () => {
  await other.stop();
  await gateway.stop();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

interface Listener {
  readonly raised: { alert: Alert; timestamp: string }[];
  readonly deltas: Delta[];
}

async function listen(url: string, rooms: readonly string[], deltasOnly = false): Promise<Listener> {
  const auth = { token, ...(deltasOnly ? { events: 'delta' } : {}) };
  const socket: Client = io(`${url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
  });
  sockets.push(socket);
  const heard: Listener = { raised: [], deltas: [] };
  socket.on('alert:raised', (payload) => heard.raised.push(payload));
  socket.on('delta', (delta) => heard.deltas.push(delta));
  await new Promise<void>((done, fail) => {
    socket.once('connect', done);
    socket.once('connect_error', fail);
  });
  for (const room of rooms) {
    const ack = (await socket
      .timeout(60_000)
      .emitWithAck('subscribe', { room: room as 'fleet' })) as SubscribeAck;
    if ('error' in ack) throw new Error(ack.error.title);
  }
  return heard;
}

const alertsIn = ({ deltas }: Listener, room?: string) =>
  deltas
    .filter((delta) => room === undefined || delta.room === room)
    .flatMap((delta) => delta.changes?.alerts ?? []);

const soon = risingTimes();
const tz = zoneAtNoon();

describe('a threshold that is reached', () => {
  it('is told once, live, to the sockets of every replica, on NATS and for good', async () => {
    const [budget] = await client.set([{ scope: 'session', limitUsd: 10, thresholds: [0.5, 1] }]);
    await fleet.spend('s/1', 1, { at: soon() });
    const here = await listen(gateway.url, ['fleet', 'session:s/1']);
    const there = await listen(other.url, ['session:s/1']);
    const modern = await listen(other.url, ['fleet'], true);
    const elsewhere = await listen(other.url, ['session:s/1'], true);
    const first = await fleet.spend('s/1', 6, { at: soon() });
    await eventually(() => expect(onNats.filter(({ alert }) => alert.sessionId === 's/1')).toHaveLength(1));
    await fleet.spend('s/1', 7, { at: soon() });
    fleet.publish(first);
    await fleet.spend('s/1', 12, { at: soon() });
    await eventually(async () => expect(await client.told(budget?.id)).toEqual(['s/1 0.5', 's/1 1']));

    const [second, alert] = await client.alerts('&sessionId=s/1');
    expect(alert).toMatchObject({
      kind: 'budget',
      sessionId: 's/1',
      message: 'Session s/1: $6.00 spent, 50 % of its budget of $10.00 reached.',
      data: { budgetId: budget?.id, scope: 'session', key: 's/1', threshold: 0.5, spentUsd: 6, share: 0.6 },
    });
    const both = [alert, second];
    await eventually(() => {
      for (const { raised } of [here, there]) expect(raised.map((each) => each.alert)).toEqual(both);
      for (const each of [modern, elsewhere]) expect(alertsIn(each)).toEqual(both);
      for (const room of ['fleet', 'session:s/1']) expect(alertsIn(here, room)).toEqual(both);
    });
    expect([modern.raised, elsewhere.raised]).toEqual([[], []]);
    expect(here.raised[0]?.timestamp).toBe(alert?.at);
    for (const { from, to, room } of modern.deltas.filter((delta) => delta.changes?.alerts)) {
      expect([room, from]).toEqual(['fleet', to]);
    }
    // By a connection of its own: perhaps later than what the sockets heard.
    await eventually(() =>
      expect(onNats.filter((each) => each.alert.sessionId === 's/1')).toEqual(
        both.map((each) => ({
          subject: 'telltale.alerts.budget',
          type: 'telltale.alert.raised.v1',
          id: each?.id,
          alert: each,
        })),
      ),
    );
  });

  it('is told by the highest that was passed at once; what falls takes nothing back, a new limit arms it again', async () => {
    const budget = { id: 'armed', scope: 'session', key: 'jump', limitUsd: 10, thresholds: [0.5, 0.8, 1] };
    await client.set([budget]);
    await fleet.spend('jump', 9, { at: soon() });
    await eventually(async () => expect(await client.told('armed')).toEqual(['jump 0.8']));
    for (const usd of [1, 6, 9]) await fleet.spend('jump', usd, { at: soon() });
    await client.set([{ ...budget, thresholds: [0.6, 0.7, 1] }]);
    await fleet.spend('jump', 11, { at: soon() });
    await eventually(async () => expect(await client.told('armed')).toEqual(['jump 0.8', 'jump 1']));
    await client.set([{ ...budget, limitUsd: 12 }]);
    await eventually(async () =>
      expect(await client.told('armed')).toEqual(['jump 0.8', 'jump 1', 'jump 0.8']),
    );
    // Back to the first: that was told.
    await client.set([budget]);
    await fleet.spend('jump', 13, { at: soon() });
    await client.set([budget, { id: 'probe', scope: 'session', key: 'jump', limitUsd: 1 }]);
    await eventually(async () => expect(await client.told('probe')).toEqual(['jump 1']));
    expect(await client.told('armed')).toHaveLength(3);
  });

  it('is found for projects and days, of which only sums tell, whoever spends', async () => {
    const items = await client.set([
      { scope: 'project', limitUsd: 10 },
      { scope: 'project', key: '/q/2', limitUsd: 5, thresholds: [1] },
      { scope: 'day', key: '/q/1', limitUsd: 8, thresholds: [1], tz },
      { scope: 'month', key: '/q/1', limitUsd: 8, thresholds: [1], tz },
    ]);
    const told = () =>
      Promise.all(
        items.map(async ({ id }) => (await client.told(id)).filter((each) => !each.startsWith('/srv/api'))),
      );
    const longAgo = Date.now() - 45 * 86_400_000;
    await fleet.spend('q0', 100, { at: longAgo, project: '/q/0' });
    await fleet.spend('q1', 7, { at: longAgo, project: '/q/1' });
    await fleet.spend('q2', 2, { at: soon(), project: '/q/1' });
    await eventually(async () => expect((await told())[0]).toEqual(['/q/1 0.8']));
    await fleet.spend('q2', 7, { at: soon(), project: '/q/1' });
    await fleet.spend('q3', 1, { at: soon(), project: '/q/1' });
    await eventually(async () => {
      const [projects, second, day, month] = await told();
      expect([projects, second]).toEqual([['/q/1 0.8', '/q/1 1'], []]);
      expect([day, month]).toEqual([['/q/1 1'], ['/q/1 1']]);
    });
    // A session that comes to another project brings all it has cost.
    await fleet.spend('q2', 7, { at: soon(), project: '/q/2' });
    await eventually(async () => expect((await told())[1]).toEqual(['/q/2 1']));
  });

  it('is told where the budget is made when it is spent already, but of no history', async () => {
    const yesterday = Date.now() - 86_400_000;
    await fleet.spend('h1', 50, { at: yesterday, project: '/h/1' });
    await fleet.spend('h2', 50, { at: soon(), project: '/h/2' });
    const items = await client.set([
      { scope: 'session', limitUsd: 20 },
      { scope: 'project', limitUsd: 20 },
      { scope: 'day', key: '/h/1', limitUsd: 20, tz },
      { scope: 'session', key: 'h1', limitUsd: 20 },
      { scope: 'day', key: '/h/2', limitUsd: 20, tz },
    ]);
    const ids = items.map(({ id }) => id);
    // The last is evaluated after all others.
    await eventually(async () => expect(await client.told(ids[4])).toEqual(['/h/2 1']));
    expect(await client.told(ids[3])).toEqual(['h1 1']);
    expect(await client.told(ids[2])).toEqual([]);
    for (const id of ids.slice(0, 2))
      expect(await client.told(id)).not.toContainEqual(expect.stringContaining('h1'));
    expect(await client.told(ids[1])).not.toContainEqual(expect.stringContaining('/h/1'));
  });

  it('is not told of what has no price', async () => {
    const [budget] = await client.set([{ scope: 'session', key: 'free', limitUsd: 0.01, thresholds: [1] }]);
    await fleet.spend('free', 0, { at: soon(), unpriced: true });
    await fleet.spend('free', 0.02, { at: soon() });
    await eventually(async () => expect(await client.told(budget?.id)).toEqual(['free 1']));
    expect((await client.alerts())[0]).toMatchObject({ data: { unpriced: false, spentUsd: 0.02 } });
  });
});

describe('nothing is missed', () => {
  it('where a delta was lost and none follows', async () => {
    const [budget] = await client.set([{ scope: 'day', key: '/l/1', limitUsd: 5, thresholds: [1], tz }]);
    await fleet.spend('l1', 1, { at: soon(), project: '/l/1' });
    await fleet.spend('l1', 6, { at: soon(), project: '/l/1', lost: true });
    await eventually(async () => expect(await client.told(budget?.id)).toEqual(['/l/1 1']));
  });

  it('where a delta says nothing but that one should ask', async () => {
    const [budget] = await client.set([{ scope: 'project', key: '/l/2', limitUsd: 5, thresholds: [1] }]);
    const { changes: _, ...delta } = await fleet.spend('l2', 6, { at: soon(), project: '/l/2', lost: true });
    fleet.publish({ ...delta, refetch: true });
    await eventually(async () => expect(await client.told(budget?.id)).toEqual(['/l/2 1']));
  });

  /** One that another gateway raised a minute ago. */
  async function raisedElsewhere(sessionId: string, toldAt: Date | null): Promise<string | undefined> {
    const { rows } = await gateway.connections.readModel.query<{ id: string }>(
      `insert into control.alert (kind, at, session_id, message, data, told_at)
       select kind, now() - interval '1 minute', $1, message, data, $2 from control.alert limit 1
       returning id::text as id`,
      [sessionId, toldAt],
    );
    return rows[0]?.id;
  }
  /** Of that one alone: those of the tests before may reach a socket late. */
  const heardOf = ({ raised }: Listener, sessionId: string) =>
    raised.flatMap(({ alert }) => (alert.sessionId === sessionId ? [alert.id] : []));

  it('where who raised an alert went before it was published', async () => {
    const heard = await listen(other.url, ['fleet']);
    const id = await raisedElsewhere('orphan', null);
    await eventually(() => expect(onNats.map((each) => each.id)).toContain(id));
    await eventually(() => expect(heardOf(heard, 'orphan')).toEqual([id]));
    await eventually(async () => {
      expect(await gateway.control.query('select id from alert where told_at is null')).toEqual([]);
    });
    expect(heardOf(heard, 'orphan')).toHaveLength(1);
  });

  it('where an alert was published and NATS lost it', async () => {
    const heard = await Promise.all([gateway, other].map(({ url }) => listen(url, ['fleet'])));
    const id = await raisedElsewhere('unheard', new Date());
    for (const each of heard) await eventually(() => expect(heardOf(each, 'unheard')).toEqual([id]));
    expect(onNats.map((each) => each.id)).not.toContain(id);
  });
});

describe('the list of alerts', () => {
  it('goes back page by page, to the first', async () => {
    const all = await client.alerts();
    const paged: Alert[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await gateway.get(`/api/alerts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = alertListSchema.parse(body);
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(10);
    expect(all.map(({ id }) => Number(id))).toEqual(all.map(({ id }) => Number(id)).sort((a, b) => b - a));
    expect(await client.alerts('&kind=budget')).toEqual(all);
    expect(await client.alerts('&sessionId=nobody')).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['kind=weather', 'kind'],
    ['cursor=x', 'cursor'],
    [`cursor=${Buffer.from('"1 or 1=1"').toString('base64url')}`, 'cursor'],
    // No id that the table can hold.
    [`cursor=${Buffer.from('"9999999999999999999"').toString('base64url')}`, 'cursor'],
    ['session=x', 'session'],
  ])('knows no %s', async (query, field) => {
    const { status, body } = await gateway.get(`/api/alerts?${query}`);
    expect([status, (body as { field?: string }).field]).toEqual([400, field]);
  });
});
