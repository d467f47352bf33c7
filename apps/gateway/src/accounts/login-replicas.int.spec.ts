import { randomUUID } from 'node:crypto';
import { adminPassword, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Replica } from '../testing/replica';

let gateway: TestGateway;
let replicas: Replica[];
beforeAll(async () => {
  gateway = await startTestGateway({ trustedProxies: ['127.0.0.1'] });
  const now = Date.now(); // it stands still: what failed within the last minute counts, however long a try takes
  replicas = [];
  for (let n = 0; n < 2; n++) replicas.push(await Replica.start(gateway, { clock: () => now }));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await gateway.stop();
});
beforeEach(() => gateway.connections.readModel.query('truncate control.login_failure'));

interface Attempt {
  readonly name: string;
  readonly address: string;
  readonly password?: string;
}

async function attempt(n: number, asked: Attempt) {
  // So does the clock of what they count together.
  await gateway.connections.readModel.query(
    "update control.login_failure set until = now() + interval '1 minute' where until > now()",
  );
  return signIn(n, asked);
}

async function signIn(n: number, { name, address, password = 'not it' }: Attempt) {
  const { url } = replicas[n % replicas.length] ?? gateway;
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ username: name, password }),
  });
  return { status: response.status, after: Number(response.headers.get('retry-after') ?? 0) };
}

const statusOf = async (n: number, asked: Attempt) => (await attempt(n, asked)).status;

it('counts what fails for all replicas: one that learns of it late lets one more through', async () => {
  const caller = { name: 'admin', address: '203.0.113.1' };
  const statuses: number[] = [];
  for (let n = 0; n < 14; n++) statuses.push(await statusOf(n, caller));
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses.filter((status) => status === 401)).toHaveLength(11);
  const { status, after } = await attempt(0, { ...caller, password: adminPassword });
  expect(status).toBe(429);
  expect(after).toBeGreaterThan(0);
  expect(after).toBeLessThanOrEqual(60);
  // Nobody else waits.
  expect(await statusOf(1, { name: 'admin', address: '203.0.113.2', password: adminPassword })).toBe(200);
});

it('counts a name that is guessed from everywhere, on whichever replica', async () => {
  let wrong = 0;
  for (let n = 0; n < 36; n++)
    if ((await statusOf(n, { name: 'somebody', address: `198.51.100.${n}` })) === 401) wrong += 1;
  expect(wrong).toBe(31);
});

it('forgets failures after a success, also of the others', async () => {
  const caller = { name: 'admin', address: '203.0.113.3' };
  for (let n = 0; n < 9; n++) expect(await statusOf(n, caller)).toBe(401);
  expect(await statusOf(0, { ...caller, password: adminPassword })).toBe(200);
  for (let n = 0; n < 9; n++) expect(await statusOf(0, caller)).toBe(401);
});

it('keeps no names, and nothing for long', async () => {
  const name = `typed-into-the-wrong-field-${randomUUID()}`;
  const rows = async () =>
    (await gateway.connections.readModel.query('select * from control.login_failure')).rows;
  await statusOf(0, { name, address: '203.0.113.4' });
  expect(await rows()).toHaveLength(3);
  expect(JSON.stringify(await rows())).not.toContain(Buffer.from(name).toString('hex'));
  await gateway.connections.readModel.query(
    "update control.login_failure set until = now() - interval '1 s'",
  );
  await statusOf(0, { name: 'another', address: '203.0.113.5' });
  expect(await rows()).toHaveLength(3);
});

it('lets people in while the counts cannot be kept', async () => {
  const caller = { name: 'admin', address: '203.0.113.6' };
  await gateway.connections.readModel.query('alter table control.login_failure rename to away');
  try {
    expect(await signIn(0, caller)).toMatchObject({ status: 401 });
    expect(await signIn(0, { ...caller, password: adminPassword })).toMatchObject({ status: 200 });
  } finally {
    await gateway.connections.readModel.query('alter table control.away rename to login_failure');
  }
});
