import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import type { INestMicroservice } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ingestLagSubject,
  serviceStatusSchema,
  watcherHeartbeatSchema,
  watcherHeartbeatSubject,
  type WatcherHeartbeat,
} from '@telltale/contracts';
import {
  connectNats,
  createLogger,
  ensureFactsStream,
  HeadsTeller,
  natsServers,
  NestLogger,
} from '@telltale/platform';
import {
  eventually,
  startTestNats,
  temporaryFolder,
  type TemporaryFolder,
  type TestNats,
} from '@telltale/platform/testing';
import { readWatcherConfig } from './config';
import { watcherStatusPattern } from './status/status-pattern';
import { allFacts } from './testing/facts';
import { watcherModule } from './watcher-module';
import { WatcherService } from './watcher-service';

const host = 'build.host-1';
/** The same as one token of a subject. */
const token = 'build%2Ehost-1';
const patient = { timeout: 20_000 };
const quiet = createLogger('test', { write: () => undefined });

let nats: TestNats;
let folder: TemporaryFolder;
let connection: NatsConnection;
let app: INestMicroservice | undefined;

beforeEach(async () => {
  nats = await startTestNats({ watchers: [{ host, user: 'watcher', password: 'w' }] });
  folder = await temporaryFolder();
  connection = await connectNats({ url: nats.url, name: 'test', logger: quiet });
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await connection.close();
  await nats.stop();
  await folder.remove();
});

function configAt(natsUrl: string) {
  return readWatcherConfig({
    NATS_URL: natsUrl,
    TELLTALE_HOST_NAME: host,
    CLAUDE_CONFIG_DIR: folder.path,
    // Not the default places: those are of whoever runs the tests.
    CODEX_HOME: join(folder.path, 'codex'),
    GEMINI_HOME: join(folder.path, 'gemini'),
    OPENCODE_DATA_DIR: join(folder.path, 'opencode'),
  });
}

async function start(): Promise<void> {
  const url = new URL(nats.url);
  [url.username, url.password] = ['watcher', 'w'];
  const config = configAt(url.href);
  const roots = config.sources.flatMap((source) => source.roots);
  expect(roots.filter((root) => !root.startsWith(folder.path))).toEqual([]);
  const { servers, user, pass } = natsServers(config.natsUrl);

  app = await NestFactory.createMicroservice<MicroserviceOptions>(watcherModule(config), {
    transport: Transport.NATS,
    options: { servers, user: user ?? '', pass: pass ?? '', inboxPrefix: `_INBOX_${token}` },
    logger: new NestLogger(quiet),
  });
  await app.listen();
}

test.each([
  ['alone', false],
  ['with ingest', true],
])('with the rights of its own host only: publishes, resumes, says how it is: %s', async (_, isTold) => {
  const teller = new HeadsTeller(connection, quiet);
  if (isTold) teller.start();
  await connection.flush(); // the server knows that it listens
  const path = join(folder.path, 'projects', '-p', `${randomUUID()}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '{}\n');
  const beats: WatcherHeartbeat[] = [];
  connection.subscribe(watcherHeartbeatSubject(host), {
    callback: (_error, message) => void beats.push(watcherHeartbeatSchema.parse(message.json())),
  });

  await start(); // before the stream is there
  await eventually(() => expect(beats.at(-1)?.backfill.done).toBe(false));
  await ensureFactsStream(connection);
  await eventually(() => expect(beats.at(-1)?.backfill.done).toBe(true));
  expect(beats.at(-1)).toMatchObject({
    host,
    files: 1,
    bytesBehind: 0,
    backfill: { totalBytes: 3, doneBytes: 3 },
    roots: expect.arrayContaining([{ source: 'claude-code', path: folder.path, present: true }]),
  });
  expect((await allFacts(connection)).map(({ body }) => body.toString())).toEqual(['{}\n']);

  const request = JSON.stringify({ pattern: watcherStatusPattern(host), id: '1', data: null });
  // Requests come by a connection of their own, which may listen a little later than the other one publishes.
  const answer = await eventually(() => connection.request(watcherStatusPattern(host), request, patient));
  const { response } = answer.json<{ response: unknown }>();
  expect(serviceStatusSchema.parse(response)).toMatchObject({
    name: 'watcher',
    instance: host,
    pid: process.pid,
  });

  await app?.close();
  await connection.flush(); // its last words were heard
  beats.length = 0;
  await start();
  await eventually(() => expect(beats.at(-1)?.backfill.done).toBe(true));
  expect(await allFacts(connection)).toHaveLength(1);
  teller.stop();
});

test('with the rights that earlier versions needed: publishes and resumes', async () => {
  await nats.stop();
  const facts = `telltale.facts.*.*.${token}.>`;
  nats = await startTestNats({
    furtherUsers: [
      {
        user: 'watcher',
        password: 'w',
        permissions: {
          publish: [
            facts,
            `telltale.bytes.${token}.>`,
            watcherHeartbeatSubject(host),
            `$JS.API.CONSUMER.CREATE.FACTS.*.${facts}`,
            `$JS.API.DIRECT.GET.FACTS.${facts}`,
          ],
          subscribe: [`_INBOX_${token}.>`, ingestLagSubject, `telltale.requests.watcher.${token}.>`],
          answers: true,
        },
      },
    ],
  });
  await connection.close();
  connection = await connectNats({ url: nats.url, name: 'test', logger: quiet });
  await ensureFactsStream(connection);
  const teller = new HeadsTeller(connection, quiet);
  teller.start();
  const path = join(folder.path, 'projects', '-p', `${randomUUID()}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '{}\n');
  for (let run = 0; run < 2; run++) {
    const beats: WatcherHeartbeat[] = [];
    const listening = connection.subscribe(watcherHeartbeatSubject(host), {
      callback: (_error, message) => void beats.push(watcherHeartbeatSchema.parse(message.json())),
    });
    await start();
    await eventually(() => expect(beats.at(-1)?.backfill.done).toBe(true));
    listening.unsubscribe();
    await app?.close();
    app = undefined;
  }
  expect(await allFacts(connection)).toHaveLength(1);
  teller.stop();
});

test('what cannot be read as a request is no end of it, and nothing but its state is told', async () => {
  await ensureFactsStream(connection);
  await start();
  const subject = watcherStatusPattern(host);
  const ask = (body: string) => connection.request(subject, body, patient);
  const request = { pattern: subject, id: '1', data: null };
  const odd = ['', 'null', '[]', '7', 'not json', '{"pattern":{}}', '{"id":"1"}', `{"pattern":"${subject}"}`];
  for (const body of odd) connection.publish(subject, body, { reply: 'nobody' });
  for (const path of ['files', 'logs', 'status.more', 'read'])
    connection.publish(subject.replace(/status$/, path), JSON.stringify({ ...request, pattern: path }));
  await connection.flush();
  const answer = await eventually(() => ask(JSON.stringify({ ...request, data: { path: '/etc/passwd' } })));
  const { response } = answer.json<{ response: unknown }>();
  expect(Object.keys(serviceStatusSchema.strict().parse(response)).sort()).toEqual([
    'instance',
    'latencyMs',
    'name',
    'pid',
    'rates',
    'rssBytes',
    'startedAt',
    'version',
  ]);
});

test('it ends also where it is told to while it connects, though there is no log', async () => {
  const project = join(folder.path, 'projects', '-p');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, `${randomUUID()}.jsonl`), '{}\n'); // its place in the log would be asked for
  const held: Socket[] = [];
  const door = createServer((socket) => void held.push(socket)).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const url = new URL(nats.url);
  url.port = String((door.address() as AddressInfo).port);
  const service = new WatcherService(configAt(url.href));
  await service.onApplicationBootstrap();
  await eventually(() => expect(held).toHaveLength(1));
  const ending = service.beforeApplicationShutdown();
  for (const socket of held) socket.pipe(connect(nats.port, '127.0.0.1')).pipe(socket);
  await ending;
  door.close();
});
