import { eventually } from '@telltale/platform/testing';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';
import { EventSourceClient } from './testing/event-source';

// The same streams at a hundredth of the pause; what the pause is stands below.
jest.mock('./streams/keepalive', () => ({ keepaliveMs: 300 }));

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** The opcodes of the frames a server sends; it does not mask them. */
function opcodes(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 1 < bytes.length;) {
    found.push((bytes[at] ?? 0) & 0x0f);
    const length = (bytes[at + 1] ?? 0) & 0x7f;
    at += length < 126 ? 2 + length : 4 + bytes.readUInt16BE(at + 2);
  }
  return found;
}

it('pauses for 30 s', () => {
  expect(jest.requireActual<{ keepaliveMs: number }>('./streams/keepalive').keepaliveMs).toBe(30_000);
});

it('every stream says something after each pause, in its own words', async () => {
  await new Commits(gateway).seed({ id: 's1' });
  const token = gateway.bearer()['authorization']?.replace('Bearer ', '') ?? '';
  const open = (path: string) => EventSourceClient.open(`${gateway.url}${path}?access_token=${token}`);
  const [runs, homePage] = [await open('/api/sessions/watch'), await open('/api/claude-sessions/stream')];
  let received = Buffer.alloc(0);
  const asked = request(`${gateway.url}/ws/session/s1?access_token=${token}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  });
  const socket = await new Promise<Socket>((done, fail) => {
    asked.on('upgrade', (_, upgraded, head) => {
      received = Buffer.concat([received, head]);
      done(upgraded);
    });
    asked.on('error', fail);
    asked.end();
  });
  socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
  await eventually(() => {
    expect(runs.comments).toContain('ping');
    expect(homePage.events.map(({ type }) => type)).toContain('keepalive');
    expect(opcodes(received)).toContain(9);
  });
  const keepalive = homePage.events.find(({ type }) => type === 'keepalive');
  expect(JSON.parse(keepalive?.data ?? '')).toEqual({
    type: 'keepalive',
    sessions: [],
    timestamp: expect.any(Number) as number,
  });
  for (const client of [runs, homePage]) client.close();
  socket.destroy();
});
