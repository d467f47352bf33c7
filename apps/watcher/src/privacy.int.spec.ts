import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { Masker } from './privacy/masking/masker';
import { Privacy, type PrivacySettings } from './privacy/privacy';
import { secretRules } from './privacy/rules/rule-set';
import { SecretSearch } from './privacy/secrets/secret-search';
import { planted, type Planted } from './privacy/testing/planted';
import { codexSource } from './sources/codex/codex-source';
import { workbench, type RunningWatcher, type Workbench } from './testing/watching';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench();
});
afterEach(() => bench.close());

const one = (arbitrary: fc.Arbitrary<Planted>): Planted =>
  fc.sample(arbitrary, { seed: 7, numRuns: 1 })[0] as Planted;
const secrets = Object.entries(planted).map(([name, arbitrary]) => ({ name, ...one(arbitrary) }));
const prompt = (content: string, fields: object = {}) =>
  `${JSON.stringify({ type: 'user', uuid: randomUUID(), cwd: '/home/me/shop', ...fields, message: { role: 'user', content } })}\n`;
const session = async () => join(await bench.project(), `${randomUUID()}.jsonl`);
const privacy = (settings: Partial<PrivacySettings> = {}) =>
  new Privacy({ content: 'full', redact: true, ...settings });
const inLog = async (path: string, size: number) =>
  eventually(async () => expect((await bench.content(path)).length).toBe(size));
/** It has heard that all it published is in the log, which we may have read before that. */
const hasHeard = async ({ watcher }: RunningWatcher) =>
  eventually(() => expect(watcher.registry.bytesBehind()).toBe(0));
const expected = (text: string, mode: PrivacySettings['content'] = 'full') =>
  Buffer.from(new Masker(new SecretSearch(secretRules), mode).lines(Buffer.from(text)).bytes).toString(
    'latin1',
  );
const stopped = async (running: RunningWatcher) => running.stop();

test('no planted secret of any rule reaches the log, ranges stay true, and it is said how many were masked', async () => {
  const path = await session();
  const text = secrets.map(({ name, text: secret }) => prompt(`${name}: ${secret}`)).join('');
  await writeFile(path, text);
  const running = await bench.watch({ privacy: privacy() });
  await inLog(path, Buffer.byteLength(text));
  await hasHeard(running);
  const facts = await bench.facts();
  const everything = facts
    .map(({ body, attributes }) => body.toString('latin1') + JSON.stringify(attributes))
    .join('\n');
  for (const { name, secret } of secrets)
    for (const line of secret.split('\n'))
      expect({ name, isThere: everything.includes(line) }).toEqual({ name, isThere: false });
  expect(await bench.content(path)).toBe(expected(text));
  const { content, redaction, redacted } = running.watcher.privacy();
  expect({ content, redaction }).toEqual({
    content: 'full',
    redaction: expect.stringMatching(/^telltale-\d+\+secretlint-\d/) as string,
  });
  for (const { rule } of secrets) expect(redacted?.byRule[rule]).toBeGreaterThan(0);
  expect(redacted?.total).toBeGreaterThanOrEqual(secrets.length);
  const said = facts.reduce((sum, { attributes }) => sum + (attributes.redacted ?? 0), 0);
  expect(said).toBe(redacted?.total);
});

test('what tells of the account is masked even where secrets are not', async () => {
  const path = await session();
  const bridge =
    '{"type":"bridge-session","sessionId":"s1","bridgeSessionId":"cse_01RmL9HD","ownerAccountUuid":"9d0e2b1c-0000-4000-8000-000000000001","lastSequenceNum":3}\n';
  const context = `${JSON.stringify({ type: 'attachment', uuid: 'u1', attachment: { type: 'session_context', content: "The user's email is jo@example.org." } })}\n`;
  const text = `${bridge}${context}${prompt('token=abcdefgh12345678XYZ, mail jo@example.org')}`;
  await writeFile(path, text);
  const running = await bench.watch({ privacy: privacy({ redact: false }) });
  await inLog(path, Buffer.byteLength(text));
  await hasHeard(running);
  const [first = '', second = '', third = ''] = (await bench.content(path)).split('\n');
  expect(JSON.parse(first)).toEqual({
    type: 'bridge-session',
    sessionId: 's1',
    bridgeSessionId: '*'.repeat(12),
    ownerAccountUuid: '*'.repeat(36),
    lastSequenceNum: 3,
  });
  expect(second).toContain(`email is ${'*'.repeat(14)}.`);
  expect(third).toContain('token=abcdefgh12345678XYZ, mail jo@example.org');
  expect(running.watcher.privacy()).toMatchObject({
    redaction: 'off',
    redacted: { total: 3, byRule: { account: 3 } },
  });
});

test('a secret that the parts of a long line cut is masked, also when the watcher is killed in between', async () => {
  const path = await session();
  const long = secrets.map(({ text: secret }) => `${secret} ${'filling '.repeat(60)}`).join('\n');
  const text = `${prompt('before')}${prompt(`${long}\n${long}`)}${prompt('after')}`;
  await writeFile(path, text);
  const whole = Buffer.byteLength(text);
  const first = await bench.watch({ privacy: privacy(), factBytes: 700 });
  await inLog(path, whole);
  await stopped(first);
  expect(await bench.content(path)).toBe(expected(text));
  const facts = await bench.facts();
  expect(facts.length).toBeGreaterThan(40);

  // The log ends within the line, as if the watcher had been killed there; what a fact may carry has changed.
  const manager = await jetstreamManager(bench.connection);
  for (const { sequence } of facts.slice(23)) await manager.streams.deleteMessage(factsStreamName, sequence);
  await bench.watch({ privacy: privacy(), factBytes: 1000 });
  await inLog(path, whole);
  expect(await bench.generations(path)).toHaveLength(1);
  expect(await bench.content(path)).toBe(expected(text));
});

test('a masked file goes on where it was: the proofs are of its own bytes', async () => {
  const path = await session();
  const [a, b] = [prompt(`key ${secrets[0]?.text ?? ''}`), prompt(`key ${secrets[6]?.text ?? ''}`)];
  await writeFile(path, a);
  const first = await bench.watch({ privacy: privacy() });
  await inLog(path, a.length);
  await stopped(first);
  await appendFile(path, b);
  await bench.watch({ privacy: privacy() });
  await inLog(path, a.length + b.length);
  expect(await bench.generations(path)).toHaveLength(1);
  expect(await bench.content(path)).toBe(expected(a + b));
});

test.each(['preview', 'none'] as const)(
  'of content only what %s says leaves the host, at its place',
  async (content) => {
    const path = await session();
    const text = `${prompt(`Add a retry. ${'é'.repeat(3000)}the end`)}${prompt('<command-name>/clear')}`;
    await writeFile(path, text);
    const { watcher } = await bench.watch({ privacy: privacy({ content }) });
    await inLog(path, Buffer.byteLength(text));
    const published = await bench.content(path);
    expect(published).toBe(expected(text, content));
    expect(published).not.toContain('the end');
    expect(published.includes('Add a retry')).toBe(content === 'preview');
    expect(published).toContain('<command-name>');
    expect(watcher.privacy()).toMatchObject({ content });
  },
);

test('a project that only the records tell is excluded, also after a restart and as it grows', async () => {
  const home = join(bench.root, 'codex');
  const folder = join(home, 'sessions/2026/03/01');
  await mkdir(folder, { recursive: true });
  const rollout = (id: string) => join(folder, `rollout-2026-03-01T09-00-00-${id}.jsonl`);
  const meta = (cwd: string) =>
    `${JSON.stringify({ type: 'session_meta', payload: { id: 's', cwd, text: 'x'.repeat(2000) } })}\n`;
  const [secret, open] = [rollout(randomUUID()), rollout(randomUUID())];
  await writeFile(secret, meta('/home/me/secret/sub') + prompt('hidden'));
  await writeFile(open, meta('/home/me/open') + prompt('shown'));
  const options = { sources: [codexSource([home])], exclude: ['/home/me/secret'], factBytes: 900 };
  const size = Buffer.byteLength(meta('/home/me/open') + prompt('shown'));
  for (let start = 0; start < 2; start++) {
    const running = await bench.watch(options);
    await inLog(open, size + start);
    await appendFile(secret, prompt('hidden again'));
    await appendFile(open, '\n');
    await inLog(open, size + start + 1);
    await hasHeard(running);
    await stopped(running);
  }
  const paths = new Set((await bench.facts()).map(({ attributes }) => attributes.path));
  expect(paths).toEqual(new Set([open]));
});
