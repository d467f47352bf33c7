import { eventually } from '@telltale/platform/testing';
import { alertListSchema, type Alert } from '@telltale/contracts';
import { disconnect } from '../connections';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Replica } from '../testing/replica';
import { SpendingFleet } from './testing/spending-fleet';
import { zoneFarFromMidnight } from './testing/times';

// Gateways come and go here, with clocks of their own; the one that the servers were started with is closed.
let gateway: TestGateway;
let fleet: SpendingFleet;
const replicas: Replica[] = [];
beforeAll(async () => {
  gateway = await startTestGateway();
  fleet = new SpendingFleet(gateway.connections);
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
});
afterAll(async () => {
  await disconnect(gateway.connections);
  await Promise.all([gateway.nats.stop(), gateway.postgres.stop()]);
});

const hourMs = 3_600_000;
const { tz, aheadMs } = zoneFarFromMidnight(
  { tz: 'Asia/Tokyo', aheadMs: 9 * hourMs },
  { tz: 'America/Phoenix', aheadMs: -7 * hourMs },
);

async function replica(clock: () => number = Date.now): Promise<Replica> {
  const started = await Replica.start(gateway, { clock });
  replicas.push(started);
  return started;
}

async function alertsAt({ url }: Replica): Promise<Alert[]> {
  const response = await fetch(`${url}/api/alerts?limit=200`, { headers: gateway.bearer() });
  return alertListSchema.parse(await response.json()).items;
}

const told = async (at: Replica, budgetId: string) =>
  (await alertsAt(at))
    .filter(({ data }) => data.budgetId === budgetId)
    .map(({ data }) => data.period?.key ?? data.key);

it('raises what was spent while no gateway ran, once, whoever starts then', async () => {
  const response = await gateway.fetch('/api/budgets', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({
      items: [
        { id: 'each', scope: 'session', limitUsd: 5 },
        { id: 'day', scope: 'day', limitUsd: 5, tz },
        { id: 'project', scope: 'project', limitUsd: 5 },
      ],
    }),
  });
  expect(response.status).toBe(200);
  await gateway.app.close();
  await fleet.spend('s1', 9, { at: Date.now() + 1000 });
  const started = await Promise.all([replica(), replica(), replica()]);
  const [first] = started;
  await eventually(async () => {
    for (const id of ['each', 'project', 'day']) expect(await told(first, id)).toHaveLength(1);
  });
  expect(await told(first, 'each')).toEqual(['s1']);
  expect(await alertsAt(started[1])).toEqual(await alertsAt(started[2]));
});

it('begins a day where the budget’s time zone begins it, and tells of the new day alone', async () => {
  const nextDay = (at: number) => at - ((at + aheadMs) % (24 * hourMs)) + 24 * hourMs;
  const dayOf = (at: number) => new Date(at + aheadMs).toISOString().slice(0, 10);
  const midnight = nextDay(Date.now() + hourMs);
  let now = midnight - 1000;
  const gatewayThen = await replica(() => now);
  const before = await told(gatewayThen, 'day');
  await fleet.spend('s2', 3, { at: midnight - 2 });
  await fleet.spend('s2', 3, { at: midnight + 2 });
  now = midnight + 5000;
  // Yesterday's, which comes late, would have reached it; today's alone does not.
  await fleet.spend('s3', 100, { at: midnight - 3 });
  await fleet.spend('s4', 1.5, { at: midnight + 5000 });
  const midnightDay = dayOf(midnight);
  await eventually(async () => {
    const days = (await alertsAt(gatewayThen)).filter(({ data }) => data.budgetId === 'day');
    expect(days[0]?.data).toMatchObject({
      threshold: 0.8,
      spentUsd: 4.5,
      period: { key: midnightDay, from: new Date(midnight).toISOString(), tz },
    });
  });
  const fresh = (await told(gatewayThen, 'day')).length - before.length;
  expect(await told(gatewayThen, 'day')).toContain(midnightDay);
  expect(fresh).toBeLessThanOrEqual(2); // the day before may have been reached in time too
});

it('survives a database that is away, and evaluates what was heard meanwhile', async () => {
  const running = await replica();
  await eventually(async () => expect((await alertsAt(running)).length).toBeGreaterThan(0));
  const { readModel } = gateway.connections;
  await fleet.spend('s5', 1, { at: Date.now() + 2000 });
  const delta = await fleet.spend('s5', 8, { at: Date.now() + 3000, lost: true });
  // Every connection of the gateway breaks at once, as the delta arrives.
  await readModel.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'telltale-gateway%' and pid <> pg_backend_pid()",
  );
  fleet.publish(delta);
  await eventually(async () => expect(await told(running, 'each')).toContain('s5'));
});
