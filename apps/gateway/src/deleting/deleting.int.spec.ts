import { spawn, type ChildProcess } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  bytesStreamName,
  createdApiTokenSchema,
  factsStreamName,
  messageListSchema,
  screenshotListSchema,
  sessionSchema,
  type Delta,
  type Session,
} from '@telltale/contracts';
import {
  eventually,
  readableText,
  tablesWith,
  temporaryFolder,
  testPicture,
  type TemporaryFolder,
} from '@telltale/platform/testing';
import { io } from 'socket.io-client';
import { buildPrograms, type Programs } from '../testing/programs';
import { adminPassword, login, routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';

// The real watcher, the real ingest and the gateway, each with no more rights than it has.
const secret = 'hunter2-planted-9f3a';
const [leaky, fork, other] = [
  '5e550000-0000-4000-8000-000000000001',
  '5e550000-0000-4000-8000-000000000002',
  '5e550000-0000-4000-8000-000000000003',
];
const run = 'session_1762316690033';

let gateway: TestGateway;
let programs: Programs;
let folder: TemporaryFolder;
let watcher: ChildProcess | undefined;
let ingest: ChildProcess | undefined;

beforeAll(async () => {
  [gateway, programs, folder] = await Promise.all([
    startTestGateway(),
    buildPrograms({ ingest: 'apps/ingest/src/main.ts', watcher: 'apps/watcher/src/main.ts' }),
    temporaryFolder(),
  ]);
  await writeSessions();
  ingest = await startIngest();
  watcher = startWatcher();
  await eventually(
    async () => {
      for (const id of [leaky, fork, other, `${run}@atlas`]) await shown(id);
      expect((await shown(leaky)).agents).toHaveLength(1);
      expect((await shown(`${run}@atlas`)).screenshots).toHaveLength(1);
      // Each file comes by itself, and what two sessions claim is settled when both are there.
      const { body } = await gateway.get(`/api/sessions/${leaky}/messages`);
      expect(messageListSchema.parse(body).items.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['p:p1', 'm:m1', 'm:m-shared', 'm:m-agent']),
      );
      expect((await shown(leaky)).stats.tokens.output).toBe(30);
      expect((await shown(fork)).stats.tokens.output).toBe(10);
      expect((await shown(other)).stats.messages).toBe(2);
    },
    { timeoutMs: 120_000, everyMs: 100 },
  );
}, 240_000);
afterAll(async () => {
  watcher?.kill('SIGKILL');
  ingest?.kill('SIGKILL');
  await Promise.all([gateway?.stop(), programs?.remove()]);
  await folder?.remove();
});

function start(name: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [programs.path(name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TELLTALE_HEALTH_PORT: '0', ...env },
  });
}

async function startIngest(): Promise<ChildProcess> {
  const roles = await gateway.postgres.rolesOf(gateway.connections.config.databaseUrl);
  return start('ingest', { NATS_URL: gateway.nats.as('ingest'), DATABASE_URL: roles.ingest });
}

function startWatcher(): ChildProcess {
  const place = (name: string) => join(folder.path, name);
  return start('watcher', {
    NATS_URL: gateway.nats.url,
    TELLTALE_HOST_NAME: 'atlas',
    HOME: place('home'),
    CLAUDE_CONFIG_DIR: place('claude'),
    CODEX_HOME: place('codex'),
    GEMINI_HOME: place('gemini'),
    OPENCODE_DATA_DIR: place('opencode'),
    TELLTALE_TEST_RESULTS: place('results'),
    // The secret of this test is to leave the host.
    TELLTALE_REDACT: 'off',
  });
}

const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 10, 0, second)).toISOString();
const prompt = (sessionId: string, uuid: string, second: number, content: string) => ({
  type: 'user',
  uuid,
  sessionId,
  timestamp: at(second),
  cwd: '/home/dev/app',
  message: { role: 'user', content },
});
const answer = (sessionId: string, id: string, second: number, text: string) => ({
  type: 'assistant',
  uuid: `${id}-uuid`,
  sessionId,
  timestamp: at(second),
  requestId: `req-${id}`,
  message: {
    id,
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [{ type: 'text', text }],
    usage: { input_tokens: 5, output_tokens: 10 },
  },
});
const linesOf = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const transcript = (session: string) =>
  join(folder.path, 'claude', 'projects', '-home-dev-app', `${session}.jsonl`);
const agentOf = (session: string, agent: string) =>
  join(folder.path, 'claude', 'projects', '-home-dev-app', session, 'subagents', `agent-${agent}.jsonl`);

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function writeSessions(): Promise<void> {
  const copied = (session: string) => answer(session, 'm-shared', 3, 'a harmless answer');
  await write(
    transcript(leaky),
    linesOf(
      prompt(leaky, 'p1', 1, `the password is ${secret}`),
      // Longer than what rows hold of it.
      answer(leaky, 'm1', 2, `${'long '.repeat(1000)} ${secret}`),
      copied(leaky),
    ),
  );
  await write(agentOf(leaky, 'a1'), linesOf(answer(leaky, 'm-agent', 4, `and again ${secret}`)));
  await write(
    transcript(fork),
    linesOf(prompt(fork, 'p-fork', 3, 'go on'), copied(fork), answer(fork, 'm-own', 9, 'on')),
  );
  await write(transcript(other), linesOf(prompt(other, 'p2', 5, 'hello'), answer(other, 'm2', 6, 'hello')));
  await write(join(folder.path, 'results', run, 'screenshots', 'end.png'), testPicture(1));
  await write(join(folder.path, 'results', run, 'output.json'), JSON.stringify({ note: 'no report' }));
}

async function shown(id: string): Promise<Session> {
  const { status, body } = await gateway.get(`/api/sessions/${encodeURIComponent(id)}`);
  expect(status).toBe(200);
  return sessionSchema.parse(body);
}

const remove = (id: string, role: 'admin' | 'viewer' = 'admin') =>
  gateway.fetch(`/api/sessions/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: gateway.bearer(role),
  });

/** Nobody can read it any more. */
async function isNowhere(text: string): Promise<void> {
  await eventually(
    async () => {
      const log = await readableText(gateway.connections.nats, factsStreamName);
      // Not toContain: it would print the log whole.
      expect(log.split('\n').filter((line) => line.includes(text))).toEqual([]);
      expect(await tablesWith(gateway.connections.readModel, text)).toEqual([]);
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

/** Once this is shown, whatever was written before was met by watcher and ingest. */
async function passes(n: number): Promise<void> {
  await appendFile(transcript(other), linesOf(prompt(other, `p-passes-${n}`, 10, `passes ${n}`)));
  await eventually(async () => {
    const { body } = await gateway.get(`/api/sessions/${other}/messages?before=end`);
    expect(messageListSchema.parse(body).items.map(({ text }) => text)).toContain(`passes ${n}`);
  });
}

it('is an administrator’s to do, and only to what is there', async () => {
  expect((await remove(leaky, 'viewer')).status).toBe(403);
  expect((await remove('nobody')).status).toBe(404);
  expect((await shown(leaky)).id).toBe(leaky);
});

it('is not a pusher’s to do, in whatever words', async () => {
  const send = (method: string, path: string, authorization: string, body?: object) =>
    gateway.fetch(path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const { authorization: admin = '' } = gateway.bearer('admin');
  const made = await send('POST', '/api/admin/tokens', admin, { name: 'pusher', scopes: ['push', 'read'] });
  const pusher = `Bearer ${createdApiTokenSchema.parse(await made.json()).token}`;
  expect((await send('DELETE', `/api/sessions/${other}`, pusher)).status).toBe(403);
  const command = { kind: 'deleted', session: other, source: 'claude-code', at: at(1) };
  expect((await send('POST', '/api/sessions/pushed/chat', pusher, command)).status).toBe(400);
  // Where a command to delete it would stand.
  const id = `deleted:${other}`;
  const line = JSON.stringify(command);
  const pushed = await send('POST', `/api/sessions/${encodeURIComponent(id)}/chat`, pusher, {
    message: line,
  });
  expect(pushed.status).toBe(202);
  await eventually(() => shown(`push:${id}`));
  expect((await shown(other)).id).toBe(other);
  expect((await send('DELETE', `/api/sessions/${encodeURIComponent(`push:${id}`)}`, admin)).status).toBe(202);
  await eventually(async () => {
    const path = `/api/sessions/${encodeURIComponent(`push:${id}`)}`;
    expect((await gateway.get(path)).status).toBe(404);
  });
  expect((await shown(other)).id).toBe(other);
});

it('takes a session out of every answer, table and stream, and its files do not bring it back', async () => {
  // What is read now lies in caches.
  const { body } = await gateway.get(`/api/sessions/${leaky}/messages`);
  // In text and preview of two messages, and in the text of the one whose preview ends before it.
  expect(JSON.stringify(body).split(secret)).toHaveLength(6);
  expect((await tablesWith(gateway.connections.readModel, secret)).length).toBeGreaterThan(0);
  const neighbour = (await shown(other)).stats;
  expect((await shown(fork)).stats.tokens.output).toBe(10);

  const { accessToken: token } = await login(gateway.url, 'admin', adminPassword);
  const client = io(`${gateway.url}/live`, { transports: ['websocket'], auth: { token } });
  const heard: (Delta | string)[] = [];
  client.on('delta', (delta: Delta) => heard.push(delta));
  client.on('session:deleted', ({ sessionId }: { sessionId: string }) => heard.push(sessionId));
  for (const room of ['fleet', `session:${leaky}`])
    expect(await client.timeout(60_000).emitWithAck('subscribe', { room })).toHaveProperty('snapshot');

  const response = await remove(leaky);
  expect([response.status, await response.json()]).toEqual([202, { id: leaky }]);
  await isNowhere(secret);
  await eventually(() => {
    const rooms = heard.flatMap((one) => (typeof one !== 'string' && one.changes?.deleted ? [one.room] : []));
    expect(rooms.sort()).toEqual(['fleet', `session:${leaky}`]);
    expect(heard).toContain(leaky);
  });
  client.disconnect();
  await noAnswerTells(leaky, secret);

  // What the fork copied counts there now, once that is settled; nobody else has changed.
  await eventually(async () => expect((await shown(fork)).stats.tokens.output).toBe(20));
  expect((await shown(other)).stats).toEqual(neighbour);

  await appendFile(transcript(leaky), linesOf(prompt(leaky, 'p-later', 20, `still ${secret}`)));
  await write(agentOf(leaky, 'late'), linesOf(answer(leaky, 'm-late', 21, `also ${secret}`)));
  await passes(1);
  await writeFile(transcript(leaky), linesOf(prompt(leaky, 'p-anew', 22, `written anew ${secret}`)));
  await passes(2);
  await restartWatcher(async () => {
    await appendFile(transcript(leaky), linesOf(prompt(leaky, 'p-restarted', 23, `restarted ${secret}`)));
  });
  await passes(3);
  await isNowhere(secret);
  expect((await gateway.get(`/api/sessions/${leaky}`)).status).toBe(404);
  expect((await remove(leaky)).status).toBe(404);
  expect((await shown(fork)).stats.tokens.output).toBe(20);
  expect((await shown(other)).stats).toEqual({
    ...neighbour,
    prompts: neighbour.prompts + 3,
    messages: neighbour.messages + 3,
  });
}, 240_000);

it('takes the pictures of a test run with it', async () => {
  const id = `${run}@atlas`;
  const { body } = await gateway.get(`/api/sessions/${encodeURIComponent(id)}/screenshots`);
  const [picture] = screenshotListSchema.parse(body).items;
  const url = picture?.url ?? '';
  const status = async () => (await gateway.fetch(url, { headers: gateway.bearer() })).status;
  expect(await status()).toBe(200);
  expect((await remove(id)).status).toBe(202);
  await eventually(async () => expect(await status()).toBe(404));
  await isNowhere('end.png');
  await eventually(async () =>
    expect(await readableText(gateway.connections.nats, bytesStreamName)).toBe(''),
  );
  await write(join(folder.path, 'results', run, 'screenshots', 'later.png'), testPicture(2));
  await write(join(folder.path, 'results', run, 'screenshots', 'end.png'), testPicture(3));
  await passes(4);
  await isNowhere('.png');
  await eventually(async () =>
    expect(await readableText(gateway.connections.nats, bytesStreamName)).toBe(''),
  );
}, 240_000);

it('takes pushed sessions too, whose id is not taken again', async () => {
  const post = (path: string, body: object) =>
    gateway.fetch(path, {
      method: 'POST',
      headers: { ...gateway.bearer('admin'), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await post('/api/sessions/talk/chat', { message: `pushed ${secret}` })).status).toBe(202);
  await eventually(() => shown('push:talk'));
  expect((await remove('push:talk')).status).toBe(202);
  const after = await post('/api/sessions/talk/chat', { message: `again ${secret}` });
  expect([after.status, await after.json()]).toMatchObject([410, { title: 'Gone' }]);
  expect((await post('/api/sessions', { session_id: 'talk' })).status).toBe(410);
  expect((await post('/api/sessions/talk/end', {})).status).toBe(410);
  await isNowhere(secret);
  await noAnswerTells('push:talk', secret);
  expect((await post('/api/sessions/talk-2/chat', { message: 'another' })).status).toBe(202);
});

it('leaves out of the log for ever what an agent’s file told of it that tells of another session too', async () => {
  const [gone, stays] = ['5e550000-0000-4000-8000-00000000000a', '5e550000-0000-4000-8000-00000000000b'];
  const word = 'hunter2-shared-71c4';
  // The layout of Claude Code 2.0: only its records say whose it is.
  const path = join(folder.path, 'claude', 'projects', '-home-dev-app', 'agent-0ld1a70f.jsonl');
  await write(path, linesOf(answer(gone, 'm-gone', 1, `it is ${word}`)));
  await eventually(() => shown(gone));
  await appendFile(path, linesOf(answer(stays, 'm-stays', 2, 'not-said-twice')));
  await eventually(() => shown(stays));
  expect((await remove(gone)).status).toBe(202);
  await isNowhere(word);
  const tokens = async () => (await shown(stays)).stats.tokens.output;
  await appendFile(path, linesOf(answer(stays, 'm-stays-2', 3, 'later')));
  await eventually(async () => expect(await tokens()).toBe(20));
  await restartWatcher(() => appendFile(path, linesOf(answer(stays, 'm-stays-3', 4, 'and later'))));
  await eventually(async () => expect(await tokens()).toBe(30));
  await isNowhere(word);
  const log = await readableText(gateway.connections.nats, factsStreamName);
  expect(log.split('not-said-twice')).toHaveLength(2);
}, 240_000);

/** Every route that reads, asked about the session, also with the text in question. */
async function noAnswerTells(id: string, text: string): Promise<void> {
  const reading = routesOf(gateway).filter(({ method, path }) => method === 'GET' && isAnswer(path));
  expect(reading.length).toBeGreaterThan(10);
  for (const { path } of reading) {
    const url = path.replace(/:[a-z]+/g, encodeURIComponent(id));
    for (const query of [
      '',
      `?q=${text}`,
      `?ids=${encodeURIComponent(id)},${other}`,
      '?format=json',
      '?format=md',
    ]) {
      const response = await gateway.fetch(url + query, { headers: gateway.bearer('admin') });
      const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
      if (isStream) await response.body?.cancel();
      // A problem may repeat what it was asked.
      else if (response.status < 400)
        expect({ url, told: (await response.text()).includes(text) }).toEqual({ url, told: false });
      if (path.startsWith('/api/sessions/:id') && !isStream)
        expect({ url, status: response.status }).not.toMatchObject({ status: 200 });
    }
  }
}

function isAnswer(path: string): boolean {
  return path.startsWith('/api/') && !path.startsWith('/api/docs') && !/watch|stream/.test(path);
}

async function restartWatcher(meanwhile: () => Promise<void>): Promise<void> {
  const ended = new Promise((done) => watcher?.once('exit', done));
  watcher?.kill('SIGTERM');
  await ended;
  await meanwhile();
  watcher = startWatcher();
}
