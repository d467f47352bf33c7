import { eventually } from '@telltale/platform/testing';
import type { Screenshot } from '@telltale/contracts';
import { z } from 'zod';
import { NATS } from '../connections';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';
import { EventSourceClient } from './testing/event-source';
import { nobodyListens } from './testing/nobody-listens';

/** The earlier test-run dashboard's frames, as its page reads them. */
const about = { sessionId: z.string(), timestamp: z.iso.datetime() };
const frameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connected') }),
  z.strictObject({ type: z.enum(['session_created', 'session_updated']), ...about }),
  z.strictObject({ type: z.literal('screenshot_added'), filename: z.string(), ...about }),
  z.strictObject({ type: z.literal('error'), message: z.string() }),
]);

let gateway: TestGateway;
let commits: Commits;
let token: string;
const clients: EventSourceClient[] = [];

beforeAll(async () => {
  gateway = await startTestGateway({ allowedOrigins: ['https://runs.example'] });
  token = gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await gateway.connections.readModel.query('truncate session');
  commits = new Commits(gateway);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await nobodyListens(gateway);
});

async function watching(
  query = `?access_token=${token}`,
  init: RequestInit = {},
): Promise<EventSourceClient> {
  const client = await EventSourceClient.open(`${gateway.url}/api/sessions/watch${query}`, init);
  clients.push(client);
  if (client.status === 200) await eventually(() => expect(client.frames[0]).toEqual({ type: 'connected' }));
  return client;
}

const said = (client: EventSourceClient) =>
  client.events.slice(1).map(({ type, data }) => {
    expect(type).toBe('message'); // unnamed: the page listens with onmessage
    return frameSchema.parse(JSON.parse(data));
  });
const words = (client: EventSourceClient) =>
  said(client).map((frame) =>
    'filename' in frame
      ? `${frame.type} ${frame.filename}`
      : `${frame.type} ${'sessionId' in frame ? frame.sessionId : ''}`,
  );

const run = (folder: string) => ({
  id: `${folder}@atlas`,
  nativeId: folder,
  source: 'ui-test' as const,
  host: 'atlas',
});
const picture = (filename: string, label: string | null = null): Screenshot => ({
  id: filename,
  filename,
  label,
  at: null,
  step: null,
  bytes: 1,
  width: null,
  height: null,
  url: `/api/screenshots/${filename}`,
});

it('answers with the headers an EventSource and a proxy need, and says that it is connected', async () => {
  const client = await watching();
  expect(client.headers.get('content-type')).toMatch(/^text\/event-stream\b/);
  expect(client.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(client.headers.get('x-accel-buffering')).toBe('no');
  expect(client.events).toEqual([{ type: 'message', data: '{"type":"connected"}' }]);
});

it('is open to pages of the origins that may call, as everything is', async () => {
  const client = await watching(undefined, { headers: { origin: 'https://runs.example' } });
  expect(client.headers.get('access-control-allow-origin')).toBe('https://runs.example');
  const other = await watching(undefined, { headers: { origin: 'https://evil.example' } });
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
});

it('says what is created and updated, by the folder’s name, of test runs only', async () => {
  const client = await watching();
  await commits.put({ id: 'claude', source: 'claude-code' }, { changes: { source: 'claude-code' } });
  await commits.put({ id: 'push:a@b', source: 'push' }, { changes: { source: 'push' } });
  await commits.put(run('session_1'), { changes: { source: 'ui-test' } });
  await eventually(() => expect(words(client)).toEqual(['session_created session_1']));
  await commits.put({ ...run('session_1'), status: 'completed' }, { changes: { status: 'completed' } });
  await eventually(() =>
    expect(words(client)).toEqual(['session_created session_1', 'session_updated session_1']),
  );
  expect(said(client)[0]).toEqual({
    type: 'session_created',
    sessionId: 'session_1',
    timestamp: '2026-03-01T12:00:00.000Z',
  });
});

it('says of a picture once that it was added, however often it changes', async () => {
  await commits.seed({ ...run('session_1'), detail: { screenshots: [picture('old.png')] } });
  const client = await watching();
  const both = [picture('old.png', 'named later'), picture('new.png')];
  await commits.put(
    { ...run('session_1'), detail: { screenshots: both } },
    { changes: { screenshots: both } },
  );
  await eventually(() => expect(words(client)).toContain('screenshot_added new.png'));
  const named = [picture('old.png', 'x'), picture('new.png', 'y')];
  await commits.put(
    { ...run('session_1'), detail: { screenshots: named } },
    { changes: { screenshots: named } },
  );
  await eventually(() =>
    expect(words(client).filter((word) => word.startsWith('session_updated'))).toHaveLength(2),
  );
  expect(words(client).filter((word) => word.startsWith('screenshot_added'))).toEqual([
    'screenshot_added new.png',
  ]);
});

it('finds out by itself what was in deltas that got lost', async () => {
  await commits.seed(run('session_1'));
  const client = await watching();
  await commits.put({ ...run('session_1'), detail: { screenshots: [picture('a.png')] } }, { lost: true });
  await commits.put(run('session_2'), { lost: true });
  await eventually(() =>
    expect(words(client).sort()).toEqual([
      'screenshot_added a.png',
      'session_created session_2',
      'session_updated session_1',
    ]),
  );
});

it('reads what a delta was too large to say', async () => {
  const client = await watching();
  await commits.put({ ...run('session_1'), detail: { screenshots: [picture('a.png')] } }, { refetch: true });
  await eventually(() =>
    expect(words(client)).toEqual(['session_created session_1', 'screenshot_added a.png']),
  );
});

it('says that a deleted run changed, so that its page looks', async () => {
  await commits.seed(run('session_1'));
  const client = await watching();
  await commits.delete('session_1@atlas');
  await eventually(() => expect(words(client)).toEqual(['session_updated session_1']));
});

it('takes a bearer, the cookie or ?access_token=, and nobody else', async () => {
  const bearer = { headers: { authorization: `Bearer ${token}` } };
  expect((await watching('', bearer)).status).toBe(200);
  expect((await watching('', { headers: { cookie: `telltale_0=${token}` } })).status).toBe(200);
  for (const query of [
    '',
    '?access_token=',
    '?access_token=x',
    `?access_token=${token}&access_token=${token}`,
  ]) {
    const refused = await gateway.fetch(`/api/sessions/watch${query}`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toMatch(/problem\+json/);
  }
  expect((await gateway.fetch('/api/sessions/watch', { method: 'HEAD', ...bearer })).status).toBe(200);
});

it('asks NATS for deltas only while somebody watches', async () => {
  const own = gateway.app.get<typeof gateway.connections.nats>(NATS);
  const heard = async () => {
    await commits.put(run('session_1'));
    await gateway.connections.nats.flush();
    await own.flush();
    return own.stats().inMsgs;
  };
  const before = await eventually(async () => {
    const now = await heard();
    expect(await heard()).toBe(now);
    return now;
  });
  const client = await watching();
  expect(await heard()).toBeGreaterThan(before);
  client.close();
  await eventually(async () => {
    const now = await heard();
    expect(await heard()).toBe(now);
  });
});
