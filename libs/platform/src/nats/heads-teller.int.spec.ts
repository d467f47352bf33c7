import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  factSubject,
  factsStreamName,
  headsAnswerSchema,
  headsRequestSubject,
  hostHeadsFilter,
} from '@telltale/contracts';
import { createLogger } from '../logs/logger';
import { startTestNats, type TestNats } from '../testing';
import { connectNats } from './connect';
import { ensureFactsStream } from './facts-stream';
import { HeadsTeller } from './heads-teller';
import { inboxPrefixes } from './inboxes';

const host = 'desk.local';
let nats: TestNats;
let service: NatsConnection;
let watcher: NatsConnection;

beforeEach(async () => {
  nats = await startTestNats({ watchers: [{ host, user: 'watcher', password: 'w' }] });
  service = await connectNats({ url: nats.url, name: 'service' });
  await ensureFactsStream(service);
  await jetstream(service).publish(
    factSubject({ partition: 1, source: 'codex', host, file: '0123456789abcdef' }),
    'line',
  );
  watcher = await connectNats({
    url: nats.url.replace(/\/\/.*@/, '//watcher:w@'),
    name: 'watcher',
    inboxPrefix: inboxPrefixes.watcher(host),
  });
});
afterEach(async () => {
  await Promise.all([service.close(), watcher.close()]);
  await nats.stop();
});

const ask = async (reading: string) => {
  const answer = await watcher.request(headsRequestSubject(host), JSON.stringify({ reading }));
  return headsAnswerSchema.parse(answer.json());
};

async function teller(lines: string[] = []): Promise<HeadsTeller> {
  const logger = createLogger('test', { write: (line) => void lines.push(line) });
  const one = new HeadsTeller(service, logger);
  one.start();
  await service.flush();
  return one;
}

test('whoever goes on listening keeps no more than a few readings open, however often it asks', async () => {
  watcher.subscribe(hostHeadsFilter(host)); // the server forgets none of them
  for (let round = 0; round < 4; round++) {
    const one = await teller(); // as after restarts, or another replica
    for (let i = 0; i < 8; i++) expect(await ask(`reading-${round}-${i}`)).toEqual({ heads: 1 });
    one.stop();
  }
  const { streams } = await jetstreamManager(service);
  const { consumer_count: open } = (await streams.info(factsStreamName)).state;
  expect(open).toBeGreaterThan(0);
  expect(open).toBeLessThanOrEqual(16);
});

test('what is refused is told to who asked, and no line of the log each', async () => {
  const lines: string[] = [];
  const one = await teller(lines);
  const answers: unknown[] = [];
  for (let i = 0; i < 100; i++) answers.push(await ask(i % 2 === 0 ? `reading-${i}` : '>'));
  expect(answers).toContainEqual({ problem: 'too many readings at once' });
  expect(lines.length).toBeLessThanOrEqual(2);
  one.stop();
});
