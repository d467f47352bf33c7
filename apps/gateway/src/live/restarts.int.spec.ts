import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { Replica } from '../testing/replica';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';

// A gateway that ends for a new one to begin must not look like one that sends its clients away: Socket.IO's own client
// stays away for good after a "disconnect" of the server.

const patient = { timeoutMs: 60_000 };
let first: TestGateway;
let replica: Replica;
let token: string;
const clients: Socket[] = [];

beforeAll(async () => {
  first = await startTestGateway();
  replica = await Replica.start(first);
  token = (await login(first.url, 'admin', adminPassword)).accessToken;
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await replica.stop();
  await first.stop();
});

interface Visit {
  readonly socket: Socket;
  readonly ends: string[];
}

/** As any page has it: nothing is done about a connection that ends. */
function visit(namespace: string, transport: 'websocket' | 'polling'): Visit {
  const socket = io(`${replica.url}${namespace}`, {
    ...{ transports: [transport], auth: { token }, forceNew: true },
    ...{ reconnectionDelay: 20, reconnectionDelayMax: 100 },
  });
  clients.push(socket);
  const ends: string[] = [];
  socket.on('disconnect', (reason) => ends.push(reason));
  return { socket, ends };
}

it('has clients of both namespaces back by themselves, by either transport', async () => {
  const visits = ['/live', '/'].flatMap((namespace) =>
    (['websocket', 'polling'] as const).map((transport) => visit(namespace, transport)),
  );
  const areThere = () => visits.map(({ socket }) => socket.connected);
  await eventually(() => expect(areThere()).not.toContain(false), patient);
  await replica.restart();
  await eventually(() => expect(visits.map(({ ends }) => ends.length)).not.toContain(0), patient);
  await eventually(() => expect(areThere()).not.toContain(false), patient);
  expect(visits.flatMap(({ ends }) => ends)).not.toContain('io server disconnect');
});
