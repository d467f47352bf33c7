import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { z } from 'zod';
import type { Pipeline, Session, SessionList, Summary } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { TelltaleProcess } from '../harness/telltale-process';
import { placesOf } from '../harness/whatever-is-stored';
import { forkId, ToldSecret } from './told-secret';

// One session of each source and store tells a secret, and is deleted; its tool goes on and knows nothing of it.
const secret = `marker${process.pid}vermilion`;
const host = 'a-host';
const folder = mkdtempSync(join(tmpdir(), 'telltale-deletion-'));

let told: ToldSecret;
let telltale: TelltaleProcess;
let leaky: readonly string[];
let harmlessRun: string;

beforeAll(async () => {
  told = new ToldSecret(folder, secret, process.pid);
  const [run, harmless] = (await told.playRuns()).map((name) => `${name}@${host}`);
  harmlessRun = harmless ?? '';
  told.tellAll();
  const claudeRoot = told.env['CLAUDE_CONFIG_DIR'] ?? '';
  telltale = await TelltaleProcess.start({ claudeRoot, env: { ...told.env, TELLTALE_HOST_NAME: host } });
  expect(await push('talk', `It is ${secret}.`)).toBe(202);
  await eventually(
    async () => {
      const sessions = await everySession();
      const idOf = (title: string) => sessions.find((session) => session.title === title)?.id;
      leaky = [...told.titles.map(idOf), run, 'push:talk'].filter((id) => id !== undefined);
      expect(leaky).toHaveLength(8);
      expect(sessions.filter(({ id }) => !leaky.includes(id))).toHaveLength(8);
      await everythingIsRead();
      expect(await messagesOf(forkId)).toBe(0);
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
});
afterAll(async () => {
  await telltale?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function everySession(): Promise<readonly Summary[]> {
  return (await telltale.get<SessionList>('/api/sessions?limit=200')).items;
}

/** All that lies there is in the log and projected. */
async function everythingIsRead(): Promise<void> {
  const { watchers, caughtUp } = await telltale.get<Pipeline>('/api/pipeline');
  expect(watchers).toMatchObject([{ host, bytesBehind: 0, backfill: { done: true } }]);
  expect(caughtUp).toBe(true); // the one figure that is worked out in this order: published, then projected
}

async function send(method: string, path: string, body?: object): Promise<number> {
  const authorization = `Bearer ${await telltale.accessToken()}`;
  const headers = { authorization, ...(body ? { 'content-type': 'application/json' } : {}) };
  const content = body ? { body: JSON.stringify(body) } : {};
  return (await fetch(`${telltale.url}${path}`, { method, headers, ...content })).status;
}

const push = (id: string, message: string) => send('POST', `/api/sessions/${id}/chat`, { message });
const pathOf = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;

/** The secret itself, and the pictures of who told it. */
async function isNowhere(): Promise<void> {
  await eventually(async () => expect(await placesOf(telltale.home, [secret, ...told.hashes])).toEqual([]), {
    timeoutMs: 60_000,
    everyMs: 250,
  });
}

const messagesOf = async (id: string) => (await telltale.get<Session>(pathOf(id))).stats.messages;

/** What the tools wrote before this is in the log, or will never be: the neighbours' later words are. */
async function goesOn(): Promise<void> {
  const harmless = (await everySession()).filter(({ title }) => title?.startsWith('Demo: harmless'));
  expect(harmless).toHaveLength(6);
  told.goOn();
  await eventually(
    async () => {
      for (const { id, stats } of harmless) expect(await messagesOf(id)).toBe(stats.messages + 1);
      await everythingIsRead();
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

async function areGone(): Promise<void> {
  const shown = (await everySession()).map(({ id }) => id);
  expect(shown.filter((id) => leaky.includes(id))).toEqual([]);
  for (const id of leaky)
    for (const page of ['', '/messages', '/screenshots', '/export?format=md'])
      expect({ id, page, status: await send('GET', pathOf(id) + page) }).toMatchObject({ status: 404 });
}

it('takes a session of every source out of every stream, table and log, and out of open pages', async () => {
  const places = await placesOf(telltale.home, [secret]);
  for (const place of ['FACTS', 'read_model.session', 'read_model.item']) expect(places).toContain(place);
  expect(await placesOf(telltale.home, told.hashes)).toContain('BYTES');
  const others = (await everySession()).filter(({ id }) => !leaky.includes(id));

  const socket = io(`${telltale.url}/live`, {
    transports: ['websocket'],
    auth: { token: await telltale.accessToken() },
  });
  const heard = new Set<string>();
  socket.on('session:deleted', ({ sessionId }: { sessionId: string }) => heard.add(sessionId));
  expect(await socket.timeout(30_000).emitWithAck('subscribe', { room: 'fleet' })).toHaveProperty('snapshot');

  expect(await Promise.all(leaky.map((id) => send('DELETE', pathOf(id))))).toEqual(leaky.map(() => 202));
  await isNowhere();
  await areGone();
  await eventually(() => expect([...heard].sort()).toEqual([...leaky].sort()));
  socket.disconnect();

  await eventually(async () => {
    const stats = Object.fromEntries((await everySession()).map((session) => [session.id, session.stats]));
    for (const before of others.filter(({ id }) => id !== forkId))
      expect(stats[before.id]).toEqual(before.stats);
    // What it copied counts there now.
    expect(stats[forkId]).toMatchObject({ messages: 2, prompts: 1 });
  });
});

it('stays gone while its tools write on, and where the watcher begins anew', async () => {
  await goesOn();
  expect(await push('talk', `Once more: ${secret}`)).toBe(410);
  const watcher = z.number().parse(telltale.pids('apps/watcher')[0]);
  process.kill(watcher, 'SIGKILL');
  await eventually(() =>
    expect(telltale.pids('apps/watcher').filter((pid) => pid !== watcher)).not.toEqual([]),
  );
  await goesOn();
  await isNowhere();
  await areGone();
  await eventually(async () => expect(await messagesOf(forkId)).toBe(2));
  expect((await telltale.get<Session>(pathOf(harmlessRun))).screenshots).toHaveLength(3);
});
