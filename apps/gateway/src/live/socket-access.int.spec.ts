import { createdApiTokenSchema, type TokenScope } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { Replica } from '../testing/replica';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { sweepMs } from './open-credentials';

// Sockets end with what opened them, on every replica.
let gateway: TestGateway;
let replica: Replica;
const clients: Socket[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  replica = await Replica.start(gateway);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(async () => {
  await replica.stop();
  await gateway.stop();
});

async function send(method: string, path: string, body?: object): Promise<Response> {
  const response = await gateway.fetch(`/api${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function apiToken(...scopes: readonly TokenScope[]): Promise<{ id: string; token: string }> {
  const made = await send('POST', '/admin/tokens', { name: 'test', scopes, expiresAt: null });
  return createdApiTokenSchema.parse(await made.json());
}

async function connected(url: string, token: string): Promise<Socket> {
  const client = io(`${url}/live`, {
    transports: ['websocket'],
    auth: { token },
    reconnection: false,
    forceNew: true,
  });
  clients.push(client);
  await new Promise<void>((done, fail) => {
    client.once('connect', done);
    client.once('connect_error', fail);
  });
  return client;
}

const onBoth = (token: string) =>
  Promise.all([gateway.url, gateway.url, replica.url].map((url) => connected(url, token)));

/** Long before the sweep that would find them anyway. */
async function end(sockets: readonly Socket[]): Promise<void> {
  await eventually(() => expect(sockets.map(({ connected: isOpen }) => isOpen)).not.toContain(true), {
    timeoutMs: sweepMs / 3,
  });
}

it('ends all sockets of a token that is revoked, and no other', async () => {
  const [revoked, kept] = [await apiToken('read'), await apiToken('read')];
  const ending = await onBoth(revoked.token);
  const staying = await onBoth(kept.token);
  await send('DELETE', `/admin/tokens/${revoked.id}`);
  await end(ending);
  expect(staying.map(({ connected: isOpen }) => isOpen)).toEqual([true, true, true]);
  await expect(connected(replica.url, revoked.token)).rejects.toMatchObject({ data: { status: 401 } });
});

it('ends the sockets of a user who is disabled, and keeps them out', async () => {
  await send('POST', '/admin/users', { username: 'eve', role: 'viewer', password: adminPassword });
  const { accessToken } = await login(gateway.url, 'eve', adminPassword);
  const sockets = await onBoth(accessToken);
  await send('PATCH', '/admin/users/eve', { disabled: true });
  await end(sockets);
  for (const { url } of [gateway, replica])
    await expect(connected(url, accessToken)).rejects.toMatchObject({ data: { status: 401 } });
});

it('ends the sockets of a sign-in that is ended, by whichever replica they are held', async () => {
  await send('POST', '/admin/users', { username: 'mallory', role: 'viewer', password: adminPassword });
  const [ended, other] = [
    await login(gateway.url, 'mallory', adminPassword),
    await login(gateway.url, 'mallory', adminPassword),
  ];
  const ending = await onBoth(ended.accessToken);
  const [staying] = await onBoth(other.accessToken);
  const headers = { authorization: `Bearer ${ended.accessToken}` };
  await fetch(`${replica.url}/api/auth/logout`, { method: 'POST', headers });
  await end(ending);
  expect(staying?.connected).toBe(true);
});

it('lets in who may read, viewers too, and not who may only push', async () => {
  const viewer = gateway.bearer('viewer').authorization?.replace('Bearer ', '') ?? '';
  const socket = await connected(gateway.url, viewer);
  expect(await socket.timeout(30_000).emitWithAck('subscribe', { room: 'fleet' })).toHaveProperty('snapshot');
  const { token } = await apiToken('push');
  await expect(connected(gateway.url, token)).rejects.toMatchObject({
    data: { status: 403, title: 'Forbidden' },
  });
});

it('ends the sockets of a token when it expires', async () => {
  const expiresAt = new Date(Date.now() + 6000).toISOString();
  const made = await send('POST', '/admin/tokens', { name: 'short', scopes: ['read'], expiresAt });
  const { token } = createdApiTokenSchema.parse(await made.json());
  await end(await onBoth(token));
});
