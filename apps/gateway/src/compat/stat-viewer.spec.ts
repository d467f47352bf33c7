import { eventually } from '@telltale/platform/testing';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { StatViewer } from './stat-viewer';
import { WatchedSession } from './watched-session';

const upgrade = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
const clients: Socket[] = [];

beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => new Promise((done) => server.close(done)));

interface Opened {
  readonly viewer: StatViewer;
  readonly socket: WebSocket;
  readonly transport: Duplex;
  /** The other end, which knows nothing of WebSockets. */
  readonly client: Socket;
  /** What it got, bytes of frames. */
  readonly received: Buffer[];
}

async function open(): Promise<Opened> {
  const opened = new Promise<Pick<Opened, 'viewer' | 'socket' | 'transport'>>((done) => {
    server.once('upgrade', (request, transport, head) =>
      sockets.handleUpgrade(request, transport, head, (socket) =>
        done({ viewer: new StatViewer('stats', socket, transport), socket, transport }),
      ),
    );
  });
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  const received: Buffer[] = [];
  client.on('data', (bytes: Buffer) => received.push(bytes));
  client.on('error', () => undefined);
  client.write(upgrade);
  const ends = await opened;
  await eventually(() => expect(Buffer.concat(received).toString()).toContain('\r\n\r\n'));
  received.length = 0;
  return { ...ends, client, received };
}

/** Until the viewer is so near its bound that any frame goes over it. */
async function fill({ socket, viewer, client }: Opened): Promise<void> {
  client.pause();
  const bound = 128 * 1024;
  await eventually(async () => {
    while (viewer.isFree && socket.bufferedAmount < bound - 2000) socket.send('x'.repeat(1000));
    const before = socket.bufferedAmount;
    await new Promise(setImmediate); // the system takes what it can
    expect(socket.bufferedAmount).toBe(before);
    expect(before).toBeGreaterThan(bound - 2500);
  });
  socket.send('x'.repeat(bound - socket.bufferedAmount - 20));
  expect(viewer.isFree).toBe(true);
}

const ping = 0x89;
/** A pong without content, masked with zeros. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

it('lets a client go that did not answer the last ping, and keeps one that did', async () => {
  const [silent, good] = [await open(), await open()];
  good.client.on('data', (bytes: Buffer) => {
    if (bytes.includes(ping)) good.client.write(pong);
  });
  let heard = 0;
  good.socket.on('pong', () => (heard += 1));
  for (const { viewer } of [silent, good]) viewer.ping();
  await eventually(() => expect(heard).toBe(1));
  expect(silent.socket.readyState).toBe(silent.socket.OPEN);
  for (const { viewer } of [silent, good]) viewer.ping();
  await eventually(() => expect(silent.client.destroyed || silent.client.readableEnded).toBe(true));
  await eventually(() => expect(heard).toBe(2));
  expect(good.socket.readyState).toBe(good.socket.OPEN);
});

it('does not hold a ping against a client that could not be sent it', async () => {
  const opened = await open();
  await fill(opened);
  opened.socket.send('over the bound '.repeat(10));
  expect(opened.viewer.isFree).toBe(false);
  opened.viewer.ping();
  opened.viewer.ping();
  expect(opened.socket.readyState).toBe(opened.socket.OPEN);
});

it('is told all figures of a step, also where the first of them goes over its bound', async () => {
  const opened = await open();
  await fill(opened);
  const session = new WatchedSession('s1', {
    read: () =>
      Promise.resolve({
        ...{ revision: 'g.1', messages: [] },
        values: { messages: 1, tools: 2, tokens: 3, cost: 4 },
      }),
    ended: () => undefined,
    failed: () => undefined,
    now: () => '2026-03-01T10:00:00.000Z',
  });
  session.viewers.add(opened.viewer);
  await session.catchUp();
  opened.client.resume();
  await eventually(() => {
    const text = Buffer.concat(opened.received).toString();
    for (const type of ['messages', 'tools', 'tokens', 'cost'])
      expect(text).toContain(`"stat_type":"${type}"`);
  });
});
