import { z } from 'zod';
import { stats } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';

/** What the chat admin's sessions page polled. */
const pageSchema = z.strictObject({
  sessions: z.array(
    z.strictObject({
      session_id: z.string(),
      user: z.string().nullable(),
      title: z.string().nullable(),
      created_at: z.iso.datetime(),
      last_activity: z.iso.datetime(),
      message_count: z.number().int(),
      status: z.enum(['running', 'waiting', 'idle', 'completed', 'failed']),
    }),
  ),
  active: z.number().int(),
  total_messages: z.number().int(),
  most_recent_activity: z.iso.datetime().nullable(),
});

let gateway: TestGateway;
let commits: Commits;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await gateway.connections.readModel.query(`truncate session; update generation set id = id || '-'`);
  commits = new Commits(gateway);
});

/** A page that polls with a bearer and the tag of what it holds. */
async function poll(etag?: string, role: 'admin' | 'viewer' = 'admin') {
  const headers = { ...gateway.bearer(role), ...(etag === undefined ? {} : { 'if-none-match': etag }) };
  const response = await gateway.fetch('/api/admin/sessions', { headers });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    text,
    page: response.status === 200 ? pageSchema.parse(JSON.parse(text)) : undefined,
  };
}

it('shows all sessions, the newest first, and what they come to', async () => {
  await commits.seed({
    id: 'push:chat-7',
    nativeId: 'chat-7',
    source: 'push',
    user: 'ada',
    title: 'Where is my parcel?',
    status: 'running',
    startedAt: '2026-03-01T11:00:00.000Z',
    lastActivityAt: '2026-03-01T11:30:00.000Z',
    stats: stats({ messages: 4 }),
  });
  await commits.seed({ id: 'claude', status: 'waiting', stats: stats({ messages: 10 }) });
  await commits.seed({
    id: 'old',
    status: 'completed',
    title: null,
    startedAt: '2026-02-01T10:00:00.000Z',
    lastActivityAt: '2026-02-01T11:00:00.000Z',
    stats: stats({ messages: 1 }),
  });
  const { page } = await poll();
  expect(page?.sessions.map(({ session_id }) => session_id)).toEqual(['chat-7', 'claude', 'old']);
  expect(page?.sessions[0]).toEqual({
    session_id: 'chat-7',
    user: 'ada',
    title: 'Where is my parcel?',
    created_at: '2026-03-01T11:00:00.000Z',
    last_activity: '2026-03-01T11:30:00.000Z',
    message_count: 4,
    status: 'running',
  });
  expect(page).toMatchObject({
    active: 2,
    total_messages: 15,
    most_recent_activity: '2026-03-01T11:30:00.000Z',
  });
});

it('is empty where there is nothing', async () => {
  expect((await poll()).page).toEqual({
    sessions: [],
    active: 0,
    total_messages: 0,
    most_recent_activity: null,
  });
});

it('costs a poll nothing while nothing has changed', async () => {
  await commits.seed({ id: 's1' });
  const first = await poll();
  expect(first.etag).toMatch(/^".+"$/);
  expect(await poll(first.etag)).toMatchObject({ status: 304, etag: first.etag, text: '' });
  await commits.seed({ id: 's1', status: 'completed' });
  const changed = await poll(first.etag);
  expect(changed.status).toBe(200);
  expect(changed.page?.sessions[0]?.status).toBe('completed');
  expect(changed.etag).not.toBe(first.etag);
});

it('holds all of many sessions once', async () => {
  await commits.seed({ id: 'of many', stats: stats({ messages: 2 }) });
  await gateway.connections.readModel.query(
    `insert into session (id, source, host, status, started_at, last_activity_at, messages, revision, summary, detail, registers)
     select 'n' || n, source, host, status, started_at - n % 900 * interval '1 s', last_activity_at, messages, 1, summary, detail, registers
     from session, generate_series(1, 4500) n`,
  );
  const { page } = await poll();
  expect(new Set(page?.sessions.map(({ session_id }) => session_id)).size).toBe(4501);
  expect(page).toMatchObject({ total_messages: 9002 });
  expect(page?.sessions).toHaveLength(4501);
});

it('is for administrators', async () => {
  expect((await poll(undefined, 'viewer')).status).toBe(403);
  expect((await gateway.fetch('/api/admin/sessions')).status).toBe(401);
});

it('lists under its own id what the chat pushed, so that it can be written to', async () => {
  const response = await gateway.fetch('/api/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({ session_id: 'chat-8', user: 'ada', title: 'Hello' }),
  });
  expect(response.status).toBe(201);
  expect(
    z.strictObject({ session_id: z.literal('chat-8'), id: z.string() }).parse(await response.json()),
  ).toEqual({
    session_id: 'chat-8',
    id: 'push:chat-8',
  });
  const chat = await gateway.fetch('/api/sessions/chat-8/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({ message: 'Where is my parcel?' }),
  });
  expect(chat.status).toBe(202);
});
