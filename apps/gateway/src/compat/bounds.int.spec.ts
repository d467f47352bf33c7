import { eventually } from '@telltale/platform/testing';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { io, type Socket as Dashboard } from 'socket.io-client';
import { z } from 'zod';
import type { LiveNamespace } from '../live/live-socket';
import { stats } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { OptimizerGateway } from './optimizer';
import { Commits } from './testing/commits';
import { EventSourceClient } from './testing/event-source';
import { nobodyListens } from './testing/nobody-listens';

const patient = { timeoutMs: 60_000 };
let gateway: TestGateway;
let commits: Commits;
let token: string;
const stalled: Socket[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  token = gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';
  commits = new Commits(gateway);
});
afterEach(async () => {
  for (const socket of stalled.splice(0)) socket.destroy();
  await nobodyListens(gateway);
});
afterAll(() => gateway.stop());

/** A client that asks, and then reads nothing. */
function stall(path: string, headers: Record<string, string> = {}): Promise<Socket> {
  return new Promise((done, fail) => {
    const asked = request(`${gateway.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      agent: false,
    });
    const began = (socket: Socket) => {
      socket.pause();
      socket.on('error', () => undefined);
      stalled.push(socket);
      done(socket);
    };
    asked.on('response', (response) => {
      response.on('error', () => undefined);
      began(response.socket);
    });
    asked.on('upgrade', (_, socket) => began(socket));
    asked.on('error', fail);
    asked.end();
  });
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

/** The gateway's ends of its connections. */
const sockets: Socket[] = [];
beforeAll(() => {
  const server = gateway.app.getHttpServer() as {
    on(name: 'connection', hear: (socket: Socket) => void): void;
  };
  server.on('connection', (socket) => sockets.push(socket));
});

/** What the gateway holds for its clients beyond what the system has taken, in bytes. */
function waiting(): number {
  return sockets.reduce((sum, { destroyed, writableLength }) => sum + (destroyed ? 0 : writableLength), 0);
}

/** The gateway's ends of these clients' connections. */
function endsOf(clients: readonly Socket[]): readonly Socket[] {
  const ports = new Set(clients.map(({ localPort }) => localPort));
  const ends = sockets.filter(({ destroyed, remotePort }) => !destroyed && ports.has(remotePort));
  expect(ends.length).toBe(clients.length);
  return ends;
}

/**
 * Goes round until something has waited for each of them, for what the system itself buffers is full then, and so many
 * times more. Gives the number of rounds, and the most that waited for all clients.
 */
async function roundsUntilFull(
  ends: readonly Socket[],
  more: number,
  round: (n: number) => Promise<unknown>,
): Promise<{ rounds: number; most: number }> {
  const taking = new Set(ends);
  let [rounds, most, last] = [0, 0, Infinity];
  while (rounds < last) {
    expect(rounds).toBeLessThan(3000);
    await round(rounds++);
    most = Math.max(most, waiting());
    for (const end of taking) if (end.destroyed || end.writableLength > 0) taking.delete(end);
    if (taking.size === 0 && last === Infinity) last = rounds + more;
  }
  return { rounds, most };
}

/** Those who took nothing were let go. */
async function areGone(ends: readonly Socket[]): Promise<void> {
  await eventually(() => expect(ends.filter(({ destroyed }) => !destroyed).length).toBe(0), patient);
}

it('100 clients that read nothing cost a fixed amount, are let go, and nobody else hears less', async () => {
  const title = 'x'.repeat(20_000);
  for (let n = 0; n < 50; n++) await commits.seed({ id: `s${n}`, title });
  await commits.seed({ id: 'watched', stats: stats() });
  for (let n = 0; n < 50; n++) await stall('/api/claude-sessions/stream');
  for (let n = 0; n < 50; n++) await stall('/ws/session/watched', upgrade);
  const good = await EventSourceClient.open(
    `${gateway.url}/api/claude-sessions/stream?access_token=${token}`,
  );
  await eventually(() => expect(good.events[0]?.type).toBe('init'));
  const preview = 'y'.repeat(10_000);
  const messages = (round: number) =>
    Array.from({ length: 20 }, (_, k) => ({
      ...{ id: `m${round}-${k}`, author: 'user', kind: 'prompt', at: null, text: '', preview, images: [] },
    })) as never;
  const ends = endsOf(stalled);
  const { rounds, most } = await roundsUntilFull(ends, 20, async (round) => {
    for (let n = 0; n < 5; n++)
      await commits.put({ id: `s${n}`, title: `${round} ${title}` }, { changes: { title: 'x' } });
    await commits.put({ id: 'watched' }, { changes: { messages: messages(round) } });
  });
  // What is kept for each is its bound and the frame that went over it.
  expect(most).toBeLessThan(100 * 512 * 1024);
  await eventually(() => {
    const latest = new Map(
      good.events.flatMap(({ data }) =>
        (JSON.parse(data) as { sessions: { id: string; title: string }[] }).sessions.map((s) => [
          s.id,
          s.title,
        ]),
      ),
    );
    for (let n = 0; n < 5; n++) expect(latest.get(`s${n}`)?.startsWith(`${rounds - 1} `)).toBe(true);
  }, patient);
  good.close();
  await areGone(ends);
  await eventually(() => expect(waiting()).toBe(0), patient);
});

it('the same of Socket.IO clients of the default namespace', async () => {
  const query = `EIO=4&transport=websocket&access_token=${token}`;
  for (let n = 0; n < 30; n++) {
    const socket = await stall(`/socket.io/?${query}`, upgrade);
    const connect = Buffer.from('40'); // Socket.IO's CONNECT in an Engine.IO message, in a frame masked with zeros
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | connect.length, 0, 0, 0, 0]), connect]));
  }
  await eventually(() => expect(dashboards().sockets.size).toBe(30));
  const good = io(gateway.url, { transports: ['websocket'], auth: { token }, forceNew: true });
  const heard: string[] = [];
  good.on('session:error', ({ error }: { error: string }) => heard.push(error.slice(0, 10).trim()));
  const say = (message: string) =>
    commits.put({ id: 'loud' }, { changes: { errors: [{ at: null, kind: 'e', message }] } });
  await eventually(async () => {
    await say('first');
    expect(heard).toContain('first');
  });
  const ends = endsOf(stalled);
  const { most } = await roundsUntilFull(ends, 20, async (round) => {
    await say(String(round).padEnd(30_000, ' x'));
    // Who reads hears each of them, and is never behind by more than one.
    await eventually(() => expect(heard.at(-1)?.split(' ')[0]).toBe(String(round)), {
      ...patient,
      everyMs: 1,
    });
  });
  expect(most).toBeLessThan(30 * 512 * 1024);
  await areGone(ends);
  good.disconnect();
});

/** The optimizer's dashboards, as the gateway knows them. */
function dashboards(): LiveNamespace {
  return (Reflect.get(gateway.app.get(OptimizerGateway), 'sockets') as { sockets: LiveNamespace }).sockets;
}

/** What the client's own WebSocket is, below Socket.IO. */
function webSocketOf(client: Dashboard): { pause(): void; resume(): void } {
  const transport = client.io.engine.transport;
  return z
    .object({ ws: z.custom<{ pause(): void; resume(): void }>((ws) => typeof ws === 'object') })
    .parse(transport).ws;
}

it('a client of the default namespace that was slow is told of what it missed, and of nothing else', async () => {
  for (const id of ['idle', 'quiet', 'chatty']) await commits.seed({ id });
  const client = io(gateway.url, { transports: ['websocket'], auth: { token }, forceNew: true });
  const heard: string[] = [];
  client.onAny((name: string, { sessionId, cost }: { sessionId: string; cost?: number }) =>
    heard.push(`${name} ${sessionId} ${cost ?? ''}`),
  );
  const spend = (id: string, costUsd: number) =>
    commits.put({ id, stats: stats({ costUsd }) }, { changes: { stats: stats({ costUsd }) } });
  await eventually(async () => {
    await spend('chatty', 1);
    expect(heard).toContain('session:tokens chatty 1');
  });
  const other = io(gateway.url, { transports: ['websocket'], auth: { token }, forceNew: true });
  const elsewhere: number[] = [];
  other.on('session:tokens', ({ cost }: { cost: number }) => elsewhere.push(cost));
  await eventually(() => expect(other.connected).toBe(true));
  const isSlow = () => dashboards().sockets.get(client.id ?? '')?.data.outgoing.isSlow;
  const below = webSocketOf(client);
  below.pause();
  const message = 'x '.repeat(15_000);
  const complain = () =>
    commits.put({ id: 'chatty' }, { changes: { errors: [{ at: null, kind: 'e', message }] } });
  while (isSlow() === false) await complain(); // what the system takes, and more than may wait
  expect(isSlow()).toBe(true);
  await spend('quiet', 7);
  await spend('quiet', 8);
  await commits.put({ id: 'begun', stats: stats({ costUsd: 9 }) }, { changes: { stats: stats() } });
  await eventually(async () => {
    await spend('chatty', 10);
    expect(elsewhere).toContain(10); // so what was before has been told
  });
  heard.length = 0;
  below.resume();
  await eventually(() => expect(heard).toContain('session:tokens begun 9'));
  await eventually(async () => {
    await spend('last', 11);
    expect(heard).toContain('session:tokens last 11');
  });
  expect(heard).toContain('session:tokens quiet 8');
  expect(heard).not.toContain('session:tokens quiet 7');
  expect(heard).toContain('session:start begun ');
  expect(heard.filter((word) => word.includes('idle'))).toEqual([]);
  client.disconnect();
  other.disconnect();
});

it('streams and sockets end when their token is revoked', async () => {
  await commits.seed({ id: 'watched', stats: stats() });
  const made = await gateway.fetch('/api/admin/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({ name: 'wall', scopes: ['read'] }),
  });
  const { id, token: key } = (await made.json()) as { id: string; token: string };
  const streams = await Promise.all(
    ['/api/sessions/watch', '/api/claude-sessions/stream'].map((path) =>
      EventSourceClient.open(`${gateway.url}${path}?access_token=${key}`),
    ),
  );
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/stats/watched?access_token=${key}`);
  const dashboard = io(gateway.url, { transports: ['websocket'], auth: { token: key }, forceNew: true });
  let ended: string | undefined;
  const afterwards: string[] = [];
  dashboard.on('disconnect', (reason) => (ended = reason));
  dashboard.onAny((name: string) => ended !== undefined && afterwards.push(name));
  let code = 0;
  let frames = 0;
  socket.addEventListener('message', () => (frames += 1));
  socket.addEventListener('close', (event) => (code = event.code));
  await eventually(() =>
    expect([
      frames > 4,
      dashboard.connected,
      ...streams.map(({ events }) => events.length > 0),
    ]).not.toContain(false),
  );
  await gateway.fetch(`/api/admin/tokens/${id}`, { method: 'DELETE', headers: gateway.bearer('admin') });
  await eventually(() => expect(streams.map(({ closed }) => closed)).toEqual([true, true]));
  await eventually(() => expect(code).toBe(1008));
  await eventually(() => expect(ended).toBe('io server disconnect'));
  let refused: string | undefined;
  dashboard.on('connect_error', ({ message }) => (refused = message));
  dashboard.connect();
  await eventually(() => expect(refused).toBe('Unauthorized'));
  expect(afterwards).toEqual([]);
  dashboard.disconnect();
  expect(streams[0]?.frames.at(-1)).toEqual({ type: 'error', message: expect.any(String) as string });
});
