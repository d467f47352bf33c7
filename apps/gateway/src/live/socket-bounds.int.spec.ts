import { eventually } from '@telltale/platform/testing';
import type { Role } from '@telltale/contracts';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

const most = 3;
let gateway: TestGateway;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  gateway = await startTestGateway({ socketsPerUser: most });
});
afterEach(() => closeAll());
afterAll(() => gateway?.stop());

function closeAll(): void {
  for (const one of open.splice(0)) one.close();
}
const tokenOf = (role: Role) => gateway.bearer(role)['authorization']?.replace('Bearer ', '') ?? '';

function socket(role: Role, namespace = '/live'): Socket {
  const options = { transports: ['websocket'], reconnection: false, forceNew: true };
  const client = io(`${gateway.url}${namespace}`, { ...options, auth: { token: tokenOf(role) } });
  open.push(client);
  return client;
}

/** 200, or the status it was refused with. */
const ofLive = (role: Role, namespace?: string) =>
  new Promise<number>((done) => {
    const client = socket(role, namespace);
    client.once('connect', () => done(200));
    client.once('connect_error', (error: Error & { data?: { status: number } }) =>
      done(error.data?.status ?? 0),
    );
  });

async function ofEvents(role: Role): Promise<number> {
  const leaves = new AbortController();
  open.push({ close: () => leaves.abort() });
  const answer = await fetch(`${gateway.url}/api/sessions/watch`, {
    headers: gateway.bearer(role),
    signal: leaves.signal,
  });
  return answer.status;
}

const ofCards = (role: Role) =>
  new Promise<number>((done, fail) => {
    const client = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/stats/any`, {
      headers: gateway.bearer(role),
    });
    open.push(client);
    client.once('open', () => done(200));
    client.once('unexpected-response', (_, { statusCode }) => done(statusCode ?? 0));
    client.once('error', fail);
  });

it('bounds what one user has open, of all kinds together, and nobody else', async () => {
  expect([await ofLive('viewer'), await ofEvents('viewer'), await ofCards('viewer')]).toEqual([
    200, 200, 200,
  ]);
  const refused = [
    await ofLive('viewer'),
    await ofLive('viewer', '/'),
    await ofEvents('viewer'),
    await ofCards('viewer'),
  ];
  expect(refused).toEqual([429, 429, 429, 429]);
  expect([await ofLive('admin'), await ofEvents('admin'), await ofCards('admin')]).toEqual([200, 200, 200]);
  closeAll();
  await eventually(async () => expect(await ofLive('viewer')).toBe(200));
});

it('also where all come at once', async () => {
  for (const namespace of ['/live', '/']) {
    let refused = 0;
    const clients = Array.from({ length: 12 }, () => socket('viewer', namespace));
    for (const client of clients)
      for (const event of ['connect_error', 'disconnect']) client.once(event, () => refused++);
    const connected = () => clients.filter((client) => client.connected).length;
    await eventually(() => expect([refused, connected()]).toEqual([12 - most, most]));
    closeAll();
    await eventually(async () => expect(await ofLive('viewer')).toBe(200));
    closeAll();
  }
});
