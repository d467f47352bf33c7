import { eventually } from '@telltale/platform/testing';
import express, { type Response } from 'express';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { EventStream } from './event-stream';

const bytes = 64 * 1024;
/** For a client that is to be let go: it takes nothing, however long it is waited for. */
const impatient = { bytes, stalledMs: 50 };
/** For one that takes what it is sent, as fast as the machine lets it. */
const patient = { bytes, stalledMs: 60_000 };
const opened: Response[] = [];
const clients: Socket[] = [];
let server: Server;

beforeAll(async () => {
  const app = express().get('/', (_, response) => void opened.push(response));
  await new Promise<void>((done) => (server = app.listen(0, '127.0.0.1', () => done())));
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  opened.length = 0;
});
afterAll(() => new Promise((done) => server.close(done)));

async function asked(): Promise<{ client: Socket; response: Response }> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually(() => expect(opened).toHaveLength(1));
  return { client, response: opened[0] as Response };
}

it('lets a client go that takes nothing of what was waiting when the stream ended', async () => {
  const { client, response } = await asked();
  client.pause();
  const stream = new EventStream(response, impatient);
  // More than the system takes.
  while (response.socket?.writableLength === 0) stream.send('x'.repeat(1024 * 1024));
  stream.end();
  stream.end();
  expect(stream.isOpen).toBe(false);
  await eventually(() => expect(response.destroyed).toBe(true));
});

it('gives who takes it everything that was said before it ended', async () => {
  const { client, response } = await asked();
  const stream = new EventStream(response, patient);
  const received: Buffer[] = [];
  client.on('data', (bytes: Buffer) => received.push(bytes));
  stream.send('x'.repeat(1024 * 1024));
  stream.send('farewell');
  stream.end();
  stream.send('too late');
  await eventually(() => expect(Buffer.concat(received).toString()).toContain('farewell\r\n0\r\n\r\n'));
});

it('is closed from the beginning where the client has gone already', async () => {
  const { client, response } = await asked();
  client.destroy();
  await eventually(() => expect(response.destroyed).toBe(true));
  const stream = new EventStream(response, patient);
  let closed = 0;
  stream.onClose(() => (closed += 1));
  expect([stream.isOpen, closed]).toEqual([false, 1]);
});
