import { connect, type Socket } from 'node:net';
import { eventually } from '@telltale/platform/testing';
import { adminPassword, login, type TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';
import { memoryPlan } from './memory-plan';
import { heapLimit, startSmallGateway, type SmallGateway } from './testing/small-gateway';
import { answerLine, promptLine, publishTranscript } from './testing/transcripts';

const MiB = 1024 * 1024;
const heapMiB = 256;
const texts = 'a5551000-0000-4000-8000-000000000001';
const records = 'b5551000-0000-4000-8000-000000000002';
/** Each is a line in parts, of which three at once would be most of the heap. */
const longTexts = { count: 5, bytes: 8 * MiB };
const answers = 25_000;

let running: GatewayWithIngest;
let gateway: TestGateway;
let small: SmallGateway;
let hostile: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
  await publishTranscript(
    gateway,
    texts,
    linesOf(longTexts.count, (n) => promptLine(texts, n, longText(n))),
  );
  await publishTranscript(
    gateway,
    records,
    linesOf(answers, (n) => answerLine(records, n)),
  );
  small = await startSmallGateway(gateway, heapMiB);
  hostile = (await login(gateway.url, 'watcher-on-the-wall', adminPassword)).accessToken;
}, 180_000);
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(async () => {
  await small?.stop();
  await running?.stop();
});

function* linesOf(count: number, line: (n: number) => string): Generator<string> {
  for (let n = 0; n < count; n++) yield line(n);
}

/** With one character that takes two bytes, so that all take two in memory. */
function longText(n: number): string {
  return `${n} Ж ${'text '.repeat(longTexts.bytes / 5)}`;
}

/** Asks, and takes nothing of the answer. */
function askAndStall(path: string, token = hostile): Socket {
  const { port } = new URL(small.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  socket.on('error', () => undefined); // being cut is the end of it
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`);
  sockets.push(socket);
  return socket;
}

/** The largest things there are, each different from the one before. */
const largest: ((n: number) => string)[] = [
  () => `/api/sessions/${texts}/messages?limit=200`,
  () => `/api/sessions/${texts}/export?format=json`,
  () => `/api/sessions/${texts}/export?format=md`,
  (n) => `/api/sessions/${records}/state?at=2026-03-01T1${n % 10}:00:00Z`,
  (n) => `/api/sessions/${records}/provenance?limit=200&figure=${['messages', 'tokens', 'costUsd'][n % 3]}`,
  () => `/api/search?limit=100&q=text`,
  () => `/api/sessions/${records}/messages?limit=200`,
  () => `/api/sessions/${records}/export?format=csv`,
];

async function honest(path: string): Promise<Response> {
  return fetch(`${small.url}${path}`, {
    headers: gateway.bearer('admin'),
    signal: AbortSignal.timeout(30_000),
  });
}

it('lives on, and answers others, while a client asks for the largest things at once and reads none of them', async () => {
  const plan = memoryPlan(await heapLimit(heapMiB));
  const most = { answers: 0, large: 0 };
  for (let round = 0; round < 6; round++) {
    for (let n = 0; n < 40; n++) askAndStall((largest[n % largest.length] ?? String)(n));
    // Somebody else asks meanwhile, and is answered: at once, or when it asks again.
    for (const path of ['/api/sessions', `/api/sessions/${records}/messages?limit=50`])
      await eventually(
        async () => expect([small.ended(), (await honest(path)).status]).toEqual([undefined, 200]),
        {
          timeoutMs: 60_000,
        },
      );
    most.answers = Math.max(most.answers, await small.held('answers'));
    most.large = Math.max(most.large, await small.held('large'));
  }
  expect(small.ended()).toBeUndefined();
  // What it holds beside the heap (answers are bytes, not objects) is bounded as well.
  expect(small.mostResidentBytes()).toBeLessThan(1.75 * heapMiB * MiB);
  expect(most.answers).toBeLessThanOrEqual(plan.answers);
  expect(most.large).toBeLessThanOrEqual(plan.large);
}, 240_000);

it('refuses one who asks for too much at once, and nobody else', async () => {
  const asked = Array.from({ length: 60 }, () =>
    fetch(`${small.url}/api/sessions/${records}/state?at=2026-03-01T10:00:00Z`, {
      headers: { authorization: `Bearer ${hostile}` },
    }),
  );
  const answersOfOne = await Promise.all(asked);
  for (const { status, headers } of answersOfOne)
    if (status !== 200) expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
  expect(answersOfOne.some(({ status }) => status === 200)).toBe(true);
  await Promise.all(answersOfOne.map((answer) => answer.arrayBuffer()));
  expect((await honest(`/api/sessions/${texts}/messages?limit=1`)).status).toBe(200);
});

it('gives back what clients held that went away', async () => {
  for (let n = 0; n < 24; n++) askAndStall((largest[n % largest.length] ?? String)(n));
  await eventually(async () => {
    expect(await small.held('large')).toBeGreaterThan(0);
  });
  for (const socket of sockets.splice(0)) socket.destroy();
  await eventually(
    async () => {
      expect([await small.held('answers'), await small.held('large')]).toEqual([0, 0]);
    },
    { timeoutMs: 60_000 },
  );
}, 120_000);

it('shows every message whole, one page after the other', async () => {
  const seen: string[] = [];
  let after: string | null = '';
  do {
    const answer = await honest(
      `/api/sessions/${texts}/messages?limit=200${after === '' ? '' : `&after=${after}`}`,
    );
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { items: { text: string }[]; nextCursor: string | null };
    seen.push(...page.items.map(({ text }) => text));
    after = page.nextCursor;
  } while (after !== null);
  expect(seen.map(({ length }) => length)).toEqual(Array.from({ length: 5 }, (_, n) => longText(n).length));
}, 60_000);
