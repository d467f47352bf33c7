import type { Session, SessionList } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { TelltaleProcess } from '../harness/telltale-process';
import { holdsAny, placesOf } from '../harness/whatever-is-stored';
import { newRoot, transcriptPath } from './fixture';

/** Made up at each run; every kind has letters of both cases and digits, as real ones have. */
const random = (length: number) => `Aa1${randomBytes(length).toString('hex')}`.slice(0, length);
const keys = {
  github: `ghp_${random(36)}`,
  anthropic: `sk-ant-api03-${random(93)}AA`,
  aws: ['AKIA', 'QWERTYUI2345ZXCV'].join(''), // in one piece it would look like a leak to those who search for them
  password: random(18),
  database: random(20),
  bearer: random(40),
};
const texts = {
  prompt: `marker-prompt why does ${keys.github} not work, and ${keys.anthropic}?`,
  command: `marker-command export DB_PASSWORD=${keys.password} && curl -H 'Authorization: Bearer ${keys.bearer}' x`,
  result: `marker-result postgres://shop:${keys.database}@db.example.org:5432/shop ${keys.aws}`,
  title: `marker-title rotate ${keys.github}`,
  todo: `marker-todo replace ${keys.anthropic}`,
};
const markers = Object.values(texts).map((text) => text.split(' ')[0] ?? '');
const sessionId = '5ec7e700-0000-4000-8000-000000000001';

let root: string;
let telltale: TelltaleProcess;

beforeAll(async () => {
  root = newRoot();
  writeFileSync(transcriptPath(root, sessionId), transcript().join('\n') + '\n');
  telltale = await TelltaleProcess.start({ claudeRoot: root });
  await eventually(
    async () => {
      const { stats } = await telltale.get<Session>(`/api/sessions/${sessionId}`);
      expect(stats).toMatchObject({ messages: 2, toolCalls: 2, objectives: { total: 1 } });
      expect((await telltale.get<SessionList>('/api/search?q=marker')).total).toBeGreaterThan(2);
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
});
afterAll(async () => {
  await telltale?.stop();
  rmSync(root, { recursive: true, force: true });
});

it('keeps planted keys out of the log, the database and the logs, and keeps what stands beside them', async () => {
  for (const [kind, key] of Object.entries(keys))
    expect({ kind, places: await placesOf(telltale.home, [key, coreOf(key)]) }).toEqual({ kind, places: [] });
  for (const marker of markers) expect(await placesOf(telltale.home, [marker])).toContain('FACTS');
  const places = await placesOf(telltale.home, ['marker-prompt', 'marker-title', 'marker']);
  for (const table of ['item', 'session', 'search_document']) expect(places).toContain(`read_model.${table}`);
});

it('answers without them on every route that reads', async () => {
  const answers = await everyAnswer();
  const saying = answers.filter(({ text }) => markers.some((marker) => text.includes(marker)));
  expect(saying.length).toBeGreaterThan(4);
  for (const [kind, key] of Object.entries(keys)) {
    const telling = answers.filter(({ text }) => holdsAny(text, [key, coreOf(key)]));
    expect({ kind, telling: telling.map(({ route }) => route) }).toEqual({ kind, telling: [] });
  }
});

/** The middle of a key: what would be left of one that was cut or masked at its ends. */
function coreOf(key: string): string {
  const quarter = Math.floor(key.length / 4);
  return key.slice(quarter, key.length - quarter);
}

/** What each route that the description of the API names answers, asked of this session. */
async function everyAnswer(): Promise<{ route: string; text: string }[]> {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(await telltale.get('/api/docs-json'));
  const authorization = `Bearer ${await telltale.accessToken()}`;
  const answers: { route: string; text: string }[] = [];
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods) || isStream(path)) continue;
    for (const query of queries(path)) {
      const url = `${telltale.url}${path.replaceAll(/\{\w+\}/g, sessionId)}${query}`;
      const response = await fetch(url, { headers: { authorization } });
      const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
      answers.push({ route: `${path}${query}`, text });
    }
  }
  return answers;
}

const isStream = (path: string) => /\/(watch|stream)$/.test(path);

function queries(path: string): string[] {
  if (path.endsWith('/export')) return ['json', 'csv', 'md', 'pdf'].map((format) => `?format=${format}`);
  if (path === '/api/export/sessions') return ['?format=csv', '?format=ndjson'];
  if (path === '/api/search') return ['?q=marker', '?q=rotate', `?q=${keys.github}`];
  if (path.endsWith('/state')) return [`?at=${new Date().toISOString()}`];
  if (path.endsWith('/session/live')) return [`?session_id=${sessionId}`];
  return [''];
}

/** A prompt, an answer with two tools, a result, a title. */
function transcript(): string[] {
  const base = {
    sessionId,
    cwd: '/home/dev/app',
    version: '2.0.0',
    userType: 'external',
    isSidechain: false,
  };
  const at = (second: number) => new Date(Date.now() - 60_000 + second * 1000).toISOString();
  const use = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input });
  const todos = [{ content: texts.todo, status: 'pending', activeForm: texts.todo }];
  const records = [
    {
      ...base,
      type: 'user',
      uuid: 'u1',
      parentUuid: null,
      timestamp: at(0),
      message: { role: 'user', content: texts.prompt },
    },
    {
      ...base,
      type: 'assistant',
      uuid: 'a1',
      parentUuid: 'u1',
      timestamp: at(1),
      requestId: 'req_1',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-haiku-4-5-20251001',
        content: [use('toolu_1', 'Bash', { command: texts.command }), use('toolu_2', 'TodoWrite', { todos })],
        stop_reason: 'tool_use',
        usage: {
          input_tokens: 10,
          output_tokens: 5,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
        },
      },
    },
    {
      ...base,
      type: 'user',
      uuid: 'u2',
      parentUuid: 'a1',
      timestamp: at(2),
      message: {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: texts.result }],
      },
    },
    { type: 'custom-title', customTitle: texts.title, sessionId },
  ];
  return records.map((record) => JSON.stringify(record));
}
