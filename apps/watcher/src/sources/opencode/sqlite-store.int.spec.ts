import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewOf } from '@telltale/domain';
import { OpenCodeWriter, type OpenCodeUsage } from '@telltale/domain/testing';
import { createLogger } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { work } from '../../status/work';
import { modelOf, SqliteStoreWriter } from '../../testing/opencode-stores';
import { workbench, type RunningWatcher, type Workbench } from '../../testing/watching';
import type { WatcherRequest } from '../../watcher';
import { openCodeSource } from './opencode-source';

const now = Date.UTC(2027, 0, 1);
const usage: OpenCodeUsage = { input: 100, output: 20, reasoning: 5, cache: { read: 1000, write: 50 } };

let bench: Workbench;
let root: string;
let path: string;
const open = new Set<SqliteStoreWriter>();

beforeEach(async () => {
  bench = await workbench();
  root = join(bench.root, 'opencode');
  await mkdir(root, { recursive: true });
  path = join(root, 'opencode.db');
});
afterEach(async () => {
  for (const store of open) store.close();
  open.clear();
  await bench.close();
});

function writer(at = path): SqliteStoreWriter {
  const store = new SqliteStoreWriter(at);
  open.add(store);
  return store;
}

/** As the process that writes ends: SQLite tidies up. */
function end(store: SqliteStoreWriter): void {
  open.delete(store);
  store.close();
}

const watch = (
  options: Partial<WatcherRequest> & { exclude?: readonly string[] } = {},
): Promise<RunningWatcher> => bench.watch({ sources: [openCodeSource([root])], ...options });

/** A session of one turn, begun now. */
function session(
  seed: string,
  { startedAt = Date.now(), directory = '/home/dev/shop' } = {},
): OpenCodeWriter {
  const made = new OpenCodeWriter({ seed, startedAt, title: `About ${seed}`, directory });
  made.wait(10);
  made.prompt('Why does the build fail?');
  made.wait(10);
  made.startAnswer();
  made.tool('bash', { command: 'npm run build' }, { output: 'error TS2345' });
  made.text('A type is wrong.');
  made.endAnswer(usage, 0.25);
  return made;
}

async function shown(): Promise<Record<string, unknown>> {
  const sessions = [...modelOf(await bench.facts()).sessions.values()].map(
    (state) => viewOf(state, now).summary,
  );
  return Object.fromEntries(
    sessions.map(({ id, title, stats }) => [
      id,
      {
        title,
        messages: stats.messages,
        tools: stats.toolCalls,
        tokens: stats.tokens.total,
        cost: stats.reportedCostUsd,
      },
    ]),
  );
}

const whole = (title: string, turns = 1) => ({
  title,
  messages: 2 * turns,
  tools: turns,
  tokens: 1175 * turns,
  cost: 0.25 * turns,
});
const settled = ({ watcher }: RunningWatcher) => eventually(() => expect(watcher.backfill().done).toBe(true));
const recordsOf = (made: OpenCodeWriter) => made.played.map(({ record }) => record);

test('what lies in a store when the watcher starts is published, and then what is written to it', async () => {
  const store = writer();
  const [before, after] = [session('before'), session('after')];
  store.write(...recordsOf(before));
  await watch({ sweepIntervalMs: 600_000 });
  await eventually(async () => expect(await shown()).toEqual({ [before.id]: whole('About before') }));
  store.write(...recordsOf(after));
  await eventually(async () =>
    expect(await shown()).toEqual({ [before.id]: whole('About before'), [after.id]: whole('About after') }),
  );
});

test('a change is in the log within a second of its commit, by the system’s word alone', async () => {
  const store = writer();
  const made = session('x');
  store.write(...recordsOf(made));
  const running = await watch({ sweepIntervalMs: 600_000 });
  await settled(running);
  const took: number[] = [];
  // The best of five, and of more on a machine that is busy, which says nothing of us.
  for (let turn = 0; turn < 5 || (turn < 50 && Math.min(...took) >= 1000); turn++) {
    const from = made.played.length;
    made.startAnswer();
    const at = performance.now();
    store.write(...recordsOf(made).slice(from));
    const id = made.played.at(-1)?.record.messageId ?? '';
    await eventually(
      async () => expect((await bench.facts()).some(({ body }) => body.includes(id))).toBe(true),
      { everyMs: 20 },
    );
    took.push(performance.now() - at);
  }
  expect(Math.min(...took)).toBeLessThan(1000);
});

describe('a watcher that starts again', () => {
  test('says nothing anew of what did not change', async () => {
    const store = writer();
    store.write(...recordsOf(session('a')), ...recordsOf(session('b', { startedAt: Date.now() - 9e8 })));
    const first = await watch();
    await settled(first);
    await first.stop();
    const facts = (await bench.facts()).length;
    expect(facts).toBe(2);
    const second = await watch();
    await settled(second);
    await second.stop();
    end(store);
    await settled(await watch());
    expect(await bench.facts()).toHaveLength(facts);
  });

  test('finds what was written, changed and deleted meanwhile', async () => {
    const store = writer();
    await bench.tellHeads();
    const [kept, gone, late] = [session('kept'), session('gone'), session('late')];
    store.write(...recordsOf(kept), ...recordsOf(gone));
    const first = await watch();
    await settled(first);
    await first.stop();

    const before = kept.played.length;
    kept.prompt('And now?');
    kept.startAnswer();
    kept.tool('read', { filePath: '/home/dev/shop/a.ts' }, { output: '' });
    kept.endAnswer(usage, 0.25);
    store.write(...recordsOf(kept).slice(before), ...recordsOf(late));
    for (const table of ['part', 'message'])
      store.database.prepare(`delete from ${table} where session_id = ?`).run(gone.id);
    store.database.prepare('delete from session where id = ?').run(gone.id);
    await watch();
    const expected = {
      [kept.id]: whole('About kept', 2),
      [gone.id]: whole('About gone'),
      [late.id]: whole('About late'),
    };
    await eventually(async () => expect(await shown()).toEqual(expected));
    await eventually(async () => expect(await removed()).toEqual([`${path}#${gone.id}`]));
  });

  test('finds rows that were added meanwhile with times of long ago', async () => {
    const store = writer();
    const made = session('imported', { startedAt: Date.now() - 9e8 });
    const records = recordsOf(made);
    const times = { createdAt: made.now, updatedAt: made.now };
    store.write({ ...(records[0] as (typeof records)[0]), ...times });
    store.write(
      ...recordsOf(session('later'))
        .map((record) => ({ ...record, sessionId: made.id }))
        .slice(1, 3),
    );
    const first = await watch();
    await settled(first);
    await first.stop();
    store.write(...records);
    await watch();
    await eventually(async () =>
      expect(await shown()).toMatchObject({ [made.id]: { tools: 1, cost: 0.25 } }),
    );
  });
});

const removed = async () =>
  (await bench.facts())
    .filter(({ attributes }) => attributes.type === 'telltale.file.removed.v1')
    .map(({ attributes }) => attributes.path);

describe('what happens to a store', () => {
  test('a deleted session is archived, and lives again when it comes back', async () => {
    const store = writer();
    const made = session('a');
    store.write(...recordsOf(made));
    await settled(await watch());
    for (const table of ['part', 'message'])
      store.database.prepare(`delete from ${table} where session_id = ?`).run(made.id);
    store.database.prepare('delete from session where id = ?').run(made.id);
    await eventually(async () => expect(await removed()).toEqual([`${path}#${made.id}`]));
    store.write(...recordsOf(made));
    await eventually(async () => {
      const last = (await bench.facts()).at(-1);
      expect(last?.attributes).toMatchObject({
        type: 'telltale.rows.changed.v1',
        path: `${path}#${made.id}`,
      });
    });
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
  });

  test('it is deleted and made anew', async () => {
    const [first, second] = [session('first'), session('second')];
    const store = writer();
    store.write(...recordsOf(first));
    await settled(await watch());
    end(store);
    for (const name of ['', '-wal', '-shm']) await rm(path + name, { force: true });
    await eventually(async () => expect(await removed()).toEqual([`${path}#${first.id}`]));
    writer().write(...recordsOf(second));
    await eventually(async () => expect(Object.keys(await shown())).toEqual([first.id, second.id]));
  });

  test('another one comes to its place', async () => {
    const [first, second] = [session('first'), session('second')];
    const store = writer();
    store.write(...recordsOf(first));
    await settled(await watch());
    const other = writer(join(root, 'elsewhere.db'));
    other.write(...recordsOf(first), ...recordsOf(second));
    end(other);
    end(store);
    await rename(other.path, path);
    const expected = { [first.id]: whole('About first'), [second.id]: whole('About second') };
    await eventually(async () => expect(await shown()).toEqual(expected));
    expect(await removed()).toEqual([]);
  });

  test('the process that writes it ends and begins', async () => {
    const made = session('a');
    const half = Math.floor(made.played.length / 2);
    const store = writer();
    store.write(...recordsOf(made).slice(0, half));
    await settled(await watch());
    end(store);
    const again = writer();
    again.write(...recordsOf(made).slice(half));
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
    // Our reading keeps it from nothing.
    await eventually(() =>
      expect(again.database.prepare('pragma wal_checkpoint(truncate)').get()).toMatchObject({ busy: 0 }),
    );
  });
});

describe('a store that cannot be read', () => {
  const warnings: string[] = [];
  const logger = createLogger('test', {
    write: (line) => {
      if (line.includes('"warn"')) warnings.push(line);
    },
  });
  beforeEach(() => (warnings.length = 0));

  test('because it is locked: said once, and read when it is free', async () => {
    const made = session('a');
    const store = writer();
    store.database.exec('pragma journal_mode = delete');
    store.write(...recordsOf(made));
    store.database.exec('pragma locking_mode = exclusive; begin exclusive');
    const { watcher } = await watch({ logger, sweepIntervalMs: 50 });
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(warnings[0]).toContain('locked');
    store.database.exec('commit; pragma locking_mode = normal; select count(*) from session');
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
    await eventually(() => expect(watcher.backfill().done).toBe(true));
    expect(warnings).toHaveLength(1);
  });

  test('because it is damaged: said once, until a sound one is there', async () => {
    await writeFile(path, 'SQLite format 3\0 and then nothing of the kind'.repeat(300));
    await watch({ logger, sweepIntervalMs: 50 });
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(warnings[0]).toContain(path);
    await rm(path);
    const made = session('a');
    writer().write(...recordsOf(made));
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
    expect(warnings).toHaveLength(1);
  });

  test('because a table is not as it is known: said once by its name, until it is', async () => {
    const made = session('a');
    const store = writer();
    store.database.exec('alter table part rename column data to content');
    await watch({ logger, sweepIntervalMs: 50 });
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(warnings[0]).toContain('part.data');
    store.database.exec('alter table part rename column content to data');
    store.write(...recordsOf(made));
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
    expect(warnings).toHaveLength(1);
  });

  test('because nothing was made in it yet: that is no fault', async () => {
    await writeFile(path, '');
    await settled(await watch({ logger }));
    const made = session('a');
    writer().write(...recordsOf(made));
    await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
    expect(warnings).toEqual([]);
  });
});

test('no file of a store is made, changed or touched by reading it', async () => {
  const store = writer();
  store.write(...recordsOf(session('a')));
  end(store);
  const state = async () => ({
    files: await readdir(root),
    stat: await stat(path),
    bytes: await readFile(path),
  });
  const before = await state();
  expect(before.files).toEqual(['opencode.db']);
  await settled(await watch());
  expect(await shown()).not.toEqual({});
  const after = await state();
  expect(after.files).toEqual(before.files);
  expect(after.stat.mtimeMs).toBe(before.stat.mtimeMs);
  expect(after.bytes.equals(before.bytes)).toBe(true);
});

test('a large session is published in slices, a row larger than a fact in parts', async () => {
  const store = writer();
  const made = session('large');
  for (let n = 0; n < 50; n++) {
    made.startAnswer();
    made.tool('bash', { command: `echo ${n}` }, { output: 'x'.repeat(n === 20 ? 9000 : 700) });
    made.endAnswer(usage, 0.25);
  }
  store.write(...recordsOf(made));
  await settled(await watch({ factBytes: 2048 }));
  await eventually(async () =>
    expect(await shown()).toMatchObject({ [made.id]: { messages: 52, tools: 51, tokens: 51 * 1175 } }),
  );
  const facts = await bench.facts();
  expect(Math.max(...facts.map(({ body }) => body.length))).toBeLessThanOrEqual(2048);
  expect(new Set(facts.map(({ attributes }) => attributes.generation)).size).toBe(1);
  let end = 0;
  for (const { attributes } of facts) {
    expect(attributes.from).toBe(end);
    end = attributes.to;
  }
});

test('a start in the middle of a first reading goes on from there', async () => {
  const store = writer();
  const made = session('large', { startedAt: Date.now() - 9e8 });
  for (let n = 0; n < 100; n++) {
    made.wait(60_000);
    made.startAnswer();
    made.tool('bash', { command: `echo ${n}` }, { output: 'x'.repeat(700) });
    made.endAnswer(usage, 0.25);
  }
  store.write(...recordsOf(made));
  const first = await watch({ factBytes: 2048 });
  await eventually(async () => expect((await bench.facts()).length).toBeGreaterThan(20));
  await first.stop();
  const before = (await bench.facts()).length;
  await settled(await watch({ factBytes: 2048 }));
  await eventually(async () =>
    expect(await shown()).toMatchObject({ [made.id]: { messages: 102, tools: 101, tokens: 101 * 1175 } }),
  );
  const elements = (await bench.facts()).flatMap(({ body, attributes: { part } }) =>
    part === undefined
      ? body
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as { element: string }).element)
      : [],
  );
  expect(before).toBeGreaterThan(20);
  // The overlap may be said twice; what was said long before it is not.
  expect(elements.length - new Set(elements).size).toBeLessThan(20);
});

test('a change reads as many rows in a large store as in a small one', async () => {
  const store = writer();
  store.database.exec('begin');
  const filler = store.database.prepare(
    'insert into part (id, message_id, session_id, time_created, time_updated, data) values (?, ?, ?, 1, 1, ?)',
  );
  for (let n = 0; n < 20_000; n++) filler.run(`prt_${n}`, `msg_${n}`, 'ses_old', '{"type":"step-start"}');
  store.database.exec('commit');
  const made = session('a');
  store.write(...recordsOf(made));
  let rowsRead = 0;
  // Counted when the change is in the log: until we see it there others may look at the store again and again.
  const measures = { stored: () => (rowsRead = work.rowsRead), conflict: () => undefined };
  await settled(await watch({ measures }));
  const from = made.played.length;
  made.text('One more.');
  const before = work.rowsRead;
  store.write(...recordsOf(made).slice(from));
  const id = made.played.at(-1)?.record.id ?? '';
  await eventually(async () =>
    expect((await bench.facts()).some(({ body }) => body.includes(id))).toBe(true),
  );
  // One look at all of it would be more.
  await eventually(() => expect(rowsRead).toBeGreaterThan(before));
  expect(rowsRead - before).toBeLessThan(20_000);
});

test('a tool that ends long after it began is found, however much was written meanwhile', async () => {
  const store = writer();
  const [made, busy] = [session('slow'), session('busy')];
  const from = made.played.length;
  made.startAnswer();
  made.tool('task', { description: 'Look at everything' }, { output: 'done', tookMs: 3_600_000 });
  made.endAnswer(usage, 0.25);
  const [last, ...reversed] = recordsOf(made).slice(from).reverse();
  const ended = reversed.findIndex(({ table }) => table === 'part');
  const [begun, atTheEnd] = [
    reversed.slice(ended + 2).reverse(),
    [...reversed.slice(0, ended + 2).reverse(), last],
  ];
  store.write(...recordsOf(made).slice(0, from), ...begun);
  await settled(await watch());
  for (let n = 0; n < 400; n++) busy.text(`${n}`);
  store.write(...recordsOf(busy));
  await eventually(async () => expect(await shown()).toHaveProperty([busy.id, 'cost'], 0.25));
  store.write(...atTheEnd.filter((record) => record !== undefined));
  await eventually(async () => expect(await shown()).toMatchObject({ [made.id]: { cost: 0.5 } }));
  const tools = [...modelOf(await bench.facts()).items.values()].filter(({ name }) => name === 'task');
  expect(tools).toMatchObject([{ preview: 'done', durationMs: 3_600_000 }]);
});

test('titles, todos, parents and the end of a session are seen as they change', async () => {
  const store = writer();
  const parent = session('parent', { startedAt: Date.now() - 60_000 });
  const child = new OpenCodeWriter({
    seed: 'child',
    startedAt: Date.now(),
    title: 'A child',
    parentId: parent.id,
  });
  store.write(...recordsOf(parent), ...recordsOf(child));
  await settled(await watch());
  const view = async (id: string) => {
    const state = modelOf(await bench.facts()).sessions.get(id);
    return state && viewOf(state, now);
  };
  expect((await view(child.id))?.summary.parentId).toBe(parent.id);

  const from = parent.played.length;
  parent.startAnswer();
  parent.todos([
    { content: 'Find it', status: 'completed' },
    { content: 'Mend it', status: 'in_progress' },
  ]);
  store.write(...recordsOf(parent).slice(from));
  await eventually(async () =>
    expect((await view(parent.id))?.detail.objectives).toMatchObject([
      { text: 'Find it', status: 'completed' },
      { text: 'Mend it', status: 'active' },
    ]),
  );
  store.database.prepare('update session set title = ? where id = ?').run('Another title', child.id);
  await eventually(async () => expect((await view(child.id))?.summary.title).toBe('Another title'));
  store.database.prepare('delete from todo where session_id = ?').run(parent.id);
  await eventually(async () => expect((await view(parent.id))?.detail.objectives).toEqual([]));
});

test('sessions of a folder that is excluded are not read', async () => {
  const store = writer();
  const [open, secret] = [session('open'), session('secret', { directory: '/home/me/secret/vault' })];
  store.write(...recordsOf(secret), ...recordsOf(open));
  const running = await watch({ exclude: ['/home/me/secret'] });
  await settled(running);
  const from = secret.played.length;
  secret.text('Never to be read.');
  store.write(...recordsOf(secret).slice(from), ...recordsOf(session('marker')));
  await eventually(async () => expect(Object.keys(await shown())).toHaveLength(2));
  expect(await shown()).not.toHaveProperty([secret.id]);
});

test('without events the sweep finds what changes, of every channel', async () => {
  const channel = writer(join(root, 'opencode-dev.db'));
  const [first, second] = [session('first'), session('second')];
  channel.write(...recordsOf(first));
  const { watcher } = await watch({ sweepIntervalMs: 50 });
  watcher.closeEvents();
  channel.write(...recordsOf(second));
  await eventually(async () =>
    expect(Object.keys(await shown()).sort()).toEqual([first.id, second.id].sort()),
  );
});

test('two watchers of one host bring every row into the log, and count nothing twice', async () => {
  const store = writer();
  const made = session('a');
  const half = Math.floor(made.played.length / 2);
  store.write(...recordsOf(made).slice(0, half));
  await Promise.all([watch(), watch()]);
  store.write(...recordsOf(made).slice(half));
  await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
});
