import { ensureBytesStream } from '@telltale/platform';
import { eventually, testPicture } from '@telltale/platform/testing';
import { io } from 'socket.io-client';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';
import { EventSourceClient } from './testing/event-source';
import { TestWatcher } from './testing/watcher';

// What the earlier clients are told of facts that the real ingest has projected.
let gateway: TestGateway;
let running: GatewayWithIngest;
let token: string;
let watcher: TestWatcher;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
  token = gateway.bearer()['authorization']?.replace('Bearer ', '') ?? '';
  watcher = new TestWatcher(gateway.connections.nats);
  await ensureBytesStream(gateway.connections.nats);
});
afterAll(() => running?.stop());

const eventSource = (path: string) => EventSourceClient.open(`${gateway.url}${path}?access_token=${token}`);
const patient = { timeoutMs: 30_000 };

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const about = (session: string, uuid: string, seconds: number) => ({
  ...{ uuid, sessionId: session, timestamp: ago(seconds), cwd: '/home/dev/app', gitBranch: 'main' },
});
const prompt = (session: string, uuid: string, content: string) => ({
  ...{ type: 'user', ...about(session, uuid, 60) },
  message: { role: 'user', content },
});
const answer = (session: string, id: string, content: object) => ({
  ...{ type: 'assistant', ...about(session, `u-${id}`, 30), requestId: `r-${id}` },
  message: {
    ...{ id, role: 'assistant', model: 'claude-sonnet-4-5-20250929', content: [content] },
    usage: { input_tokens: 1000, output_tokens: 500 },
  },
});

it('a Claude Code session reaches home page, optimizer, stat cards and admin page', async () => {
  const id = '9d0e2b1c-0000-4000-8000-000000000001';
  const homePage = await eventSource('/api/claude-sessions/stream');
  const optimizer: [string, Record<string, unknown>][] = [];
  const socket = io(gateway.url, { transports: ['websocket'], auth: { token }, forceNew: true });
  socket.onAny((name: string, payload: Record<string, unknown>) => optimizer.push([name, payload]));
  await eventually(() => expect([socket.connected, homePage.events.length]).toEqual([true, 1]));

  await watcher.transcript(id, prompt(id, 'p1', 'Sign the webhooks'));
  await eventually(() => {
    const created = homePage.events.find(({ type }) => type === 'session-created');
    expect(JSON.parse(created?.data ?? '{}')).toMatchObject({
      sessions: [
        {
          id,
          sessionId: id,
          firstPrompt: 'Sign the webhooks',
          projectPath: '/home/dev/app',
          gitBranch: 'main',
        },
      ],
    });
  }, patient);
  expect(optimizer[0]).toEqual([
    'session:start',
    expect.objectContaining({ sessionId: id, projectName: 'app' }),
  ]);

  const cards: { type: string; update?: { formatted_value: string }; message?: object }[] = [];
  const session = new WebSocket(
    `${gateway.url.replace('http', 'ws')}/ws/session/${id}?access_token=${token}`,
  );
  const stats = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/stats/${id}?access_token=${token}`);
  for (const each of [session, stats])
    each.addEventListener('message', ({ data }) =>
      cards.push(JSON.parse(String(data)) as (typeof cards)[number]),
    );
  await eventually(() => expect(cards.filter(({ type }) => type === 'stat_update')).toHaveLength(4));
  await watcher.transcript(
    id,
    answer(id, 'm1', { type: 'text', text: 'I will.' }),
    answer(id, 'm2', { type: 'tool_use', id: 't1', name: 'Edit', input: { path: 'a.ts' } }),
  );
  await eventually(() => {
    const shown = Object.fromEntries(cards.map(({ type, update }) => [type, update?.formatted_value]));
    expect(shown).toMatchObject({
      message_count_update: '3',
      tool_usage_update: '1',
      token_count_update: '3K',
    });
    const messages = cards.flatMap(({ message }) => message ?? []);
    expect(messages).toContainEqual(expect.objectContaining({ author: 'assistant', preview: 'I will.' }));
    expect(messages).toContainEqual(
      expect.objectContaining({ tool_used: 'Edit', preview: '{"path":"a.ts"}' }),
    );
  }, patient);
  await eventually(() =>
    expect(optimizer.find(([name]) => name === 'session:tool')?.[1]).toMatchObject({
      tool: 'Edit',
      count: 1,
    }),
  );
  await eventually(() => expect(homePage.events.at(-1)?.data).toContain('"messageCount":3'));
  const admin = await gateway.fetch('/api/admin/sessions', { headers: gateway.bearer('admin') });
  expect(await admin.json()).toMatchObject({
    sessions: [{ session_id: id, message_count: 3 }],
    active: 1,
    total_messages: 3,
  });
  for (const each of [session, stats]) each.close();
  socket.disconnect();
  homePage.close();
});

it('a test run and its picture reach the test-run dashboard', async () => {
  const runs = await eventSource('/api/sessions/watch');
  await eventually(() => expect(runs.frames).toEqual([{ type: 'connected' }]));
  await watcher.run('session_1762316690033');
  await watcher.picture('session_1762316690033', 'step-1.png', testPicture(1));
  await eventually(() => {
    const told = runs.frames.map((frame) =>
      Object.values(frame as object)
        .slice(0, 3)
        .join(' '),
    );
    expect(told[1]).toMatch(/^session_created session_1762316690033 /);
    expect(runs.frames).toContainEqual(
      expect.objectContaining({
        type: 'screenshot_added',
        sessionId: 'session_1762316690033',
        filename: 'step-1.png',
      }),
    );
  }, patient);
  runs.close();
});

it('what a chat pushes reaches its stat cards', async () => {
  const push = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', ...gateway.bearer('admin') };
    expect((await gateway.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).ok).toBe(
      true,
    );
  };
  await push('/api/sessions/chat-9/chat', { message: 'Where is my parcel?' });
  await eventually(async () => {
    const { body } = await gateway.get('/api/v1/analytics/session/live?session_id=push:chat-9');
    expect(body).toMatchObject({ message_count: 1, is_active: true });
  }, patient);
  const told: unknown[] = [];
  const socket = new WebSocket(
    `${gateway.url.replace('http', 'ws')}/ws/session/push%3Achat-9?access_token=${token}`,
  );
  socket.addEventListener('message', ({ data }) => told.push(JSON.parse(String(data))));
  await eventually(
    async () => {
      // It begins with what comes after it listens.
      await push('/api/sessions/chat-9/chat', { message: 'In the van.', role: 'assistant' });
      expect(told).toContainEqual(
        expect.objectContaining({ message: expect.objectContaining({ preview: 'In the van.' }) as unknown }),
      );
    },
    { ...patient, everyMs: 250 },
  );
  socket.close();
});
