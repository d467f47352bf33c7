import { randomUUID } from 'node:crypto';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@telltale/platform/testing';
import { workbench, type Workbench } from '../../testing/watching';
import { geminiSource } from './gemini-source';

let bench: Workbench;
let root: string;
let path: string;
beforeEach(async () => {
  bench = await workbench();
  root = join(bench.root, 'gemini');
  const folder = join(root, 'tmp', 'p', 'chats');
  await mkdir(folder, { recursive: true });
  path = join(folder, 'session-2026-01-10T02-08-faff42ab.json');
});
afterEach(() => bench.close());

const watch = (factBytes?: number) =>
  bench.watch({ sources: [geminiSource([root])], ...(factBytes === undefined ? {} : { factBytes }) });
const message = (text: string, id: string = randomUUID()) => ({ id, type: 'user', content: text });
const chat = (...messages: unknown[]) =>
  JSON.stringify({ sessionId: 's', startTime: '2026-01-10T02:08:26.108Z', messages }, null, 2);

interface Told {
  readonly generation: string;
  readonly elements: [string, unknown][];
}

/** The elements of each fact of the chat, in the order of the log. */
async function told(): Promise<Told[]> {
  const facts = (await bench.facts()).filter(({ attributes }) => attributes.path === path);
  return facts.map(({ attributes, body }) => ({
    generation: attributes.generation,
    elements: Buffer.from(body)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { element: string; value: unknown })
      .map(({ element, value }) => [element, value]),
  }));
}

const names = (one: Told | undefined) => one?.elements.map(([name]) => name);

test('only what changed of a chat is published when it is written anew', async () => {
  const [a, b, c] = [message('a'), message('b'), message('c')];
  await writeFile(path, chat(a, b));
  await watch();
  await eventually(async () =>
    expect(names((await told())[0])).toEqual(['session', `messages/${a.id}`, `messages/${b.id}`]),
  );
  const changed = { ...b, content: 'B' };
  await writeFile(path, chat(a, changed, c));
  await eventually(async () => {
    const facts = await told();
    expect(facts.slice(1).flatMap(({ elements }) => elements)).toEqual([
      [`messages/${b.id}`, changed],
      [`messages/${c.id}`, c],
    ]);
    expect(new Set(facts.map(({ generation }) => generation)).size).toBe(1);
  });
  await writeFile(path, chat(a, c));
  await eventually(async () => expect((await told()).at(-1)?.elements).toEqual([[`messages/${b.id}`, null]]));
});

test('a half-written chat waits for the rest of it', async () => {
  const whole = chat(message('a'));
  await writeFile(path, whole.slice(0, -20));
  const watching = await watch();
  await eventually(() => expect(watching.watcher.backfill().done).toBe(true));
  expect(await told()).toEqual([]);
  await writeFile(path, whole);
  await eventually(async () => expect(await told()).toHaveLength(1));
});

test('a restart says nothing anew of what did not change, and all of what did in a new generation', async () => {
  const a = message('a');
  await writeFile(path, chat(a));
  const first = await watch();
  await eventually(async () => expect(await told()).toHaveLength(1));
  await first.stop();
  const second = await watch();
  await eventually(() => expect(second.watcher.backfill().done).toBe(true));
  await second.stop();
  expect(await told()).toHaveLength(1);
  const b = message('b');
  await writeFile(path, chat(a, b));
  await watch();
  await eventually(async () => {
    const [before, after] = await told();
    expect(names(after)).toEqual(['session', `messages/${a.id}`, `messages/${b.id}`]);
    expect(after?.generation).not.toBe(before?.generation);
  });
});

test('a chat larger than a fact, with a message larger than a fact, comes in order and whole', async () => {
  const messages = [message('a'), message('x'.repeat(5000)), message('b')];
  await writeFile(path, chat(...messages));
  await watch(1024);
  await eventually(async () => {
    const facts = (await bench.facts()).filter(({ attributes }) => attributes.path === path);
    const lines = Buffer.concat(facts.map(({ body }) => body))
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines.slice(1).map((line) => (JSON.parse(line) as { value: unknown }).value)).toEqual(messages);
    let end = 0;
    for (const { attributes } of facts) {
      expect(attributes.from).toBe(end);
      end = attributes.to;
    }
  });
});

test('a removed chat is said to be', async () => {
  await writeFile(path, chat(message('a')));
  await watch();
  await eventually(async () => expect(await told()).toHaveLength(1));
  await rm(path);
  await eventually(async () =>
    expect((await bench.facts()).at(-1)?.attributes.type).toBe('telltale.file.removed.v1'),
  );
});

test('two watchers of one host leave a chat to the one that began, and go on from what it said', async () => {
  const messages = Array.from({ length: 120 }, (_, n) => message(`${n} ${'x'.repeat(700)}`));
  const both = await Promise.all([watch(1024), watch(1024)]);
  const isSaid = async (id: string, text: string) => {
    const elements = (await told()).flatMap((fact) => fact.elements);
    expect(elements.findLast(([name]) => name === `messages/${id}`)?.[1]).toMatchObject({ content: text });
    // Whoever came too late knows by now what the log holds.
    for (const { watcher } of both)
      expect(watcher.registry.get(path)).toMatchObject({ settled: true, running: false, queued: 'no' });
  };
  await writeFile(path, chat(...messages));
  const last = messages.at(-1) ?? message('');
  await eventually(() => isSaid(last.id, last.content));
  // One that is held up for longer than the other waits for it is passed, and told anew: seldom, since waiting doubles.
  const first = await told();
  expect(first.length).toBeLessThan(4 * messages.length);
  for (const content of ['once', 'twice', 'thrice']) {
    await writeFile(path, chat(...messages.slice(0, -1), { ...last, content }));
    await eventually(() => isSaid(last.id, content));
  }
  const after = (await told()).slice(first.length);
  expect(after.map(names)).toEqual(['once', 'twice', 'thrice'].map(() => [`messages/${last.id}`]));
  expect(new Set(after.map(({ generation }) => generation))).toEqual(new Set([first.at(-1)?.generation]));
});

test('of a chat that rested for a day nothing is remembered: it is told whole when it changes after all', async () => {
  const a = message('a');
  await writeFile(path, chat(a));
  await utimes(path, new Date(), new Date(Date.now() - 3 * 86_400_000));
  await watch();
  await eventually(async () => expect(await told()).toHaveLength(1));
  const b = message('b');
  await writeFile(path, chat(a, b));
  await eventually(async () =>
    expect(names((await told())[1])).toEqual(['session', `messages/${a.id}`, `messages/${b.id}`]),
  );
  const c = message('c');
  await writeFile(path, chat(a, b, c));
  await eventually(async () => expect(names((await told())[2])).toEqual([`messages/${c.id}`]));
});
