import { bytesStreamName, factsStreamName, type Delta, type TombstoneScope } from '@telltale/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventually, readableText, tablesWith, testPicture } from '@telltale/platform/testing';
import { deriveAgain as deriveAgainSql } from '../database/migrations/0002-every-source';
import { deleteSession } from '../testing/deletion-command';
import { IngestStack } from '../testing/ingest-stack';
import { LogWriter } from '../testing/log-writer';
import { answer, linesOf, mainPath, prompt, root } from '../testing/records';
import { shownInDatabase, type Shown } from '../testing/shown';
import { sha256, TestRunWriter } from '../testing/test-run-writer';

const secret = 'sk-planted-0123456789';

let stack: IngestStack;
let log: LogWriter;
let n = 0;

beforeAll(async () => {
  stack = await IngestStack.start();
});
afterAll(() => stack?.stop());
beforeEach(async () => {
  await stack.beginAnew();
  log = new LogWriter(stack.nats);
  n += 1;
});

/** A prompt with the secret, and an answer of so many tokens. */
const telling = (session: string, message: string, second: number) =>
  linesOf(
    { ...prompt(session, `p-${message}`, second), message: { role: 'user', content: `use ${secret}` } },
    answer(session, message, second + 1),
  );

const agentPath = (session: string, agent: string) =>
  `${root}/projects/-home-dev-app/${session}/subagents/agent-${agent}.jsonl`;

/** All but what is left of a deleted session. */
async function others(deleted: string): Promise<Shown> {
  const shown = await shownInDatabase(stack.pool);
  const idOf = (session: unknown) => (session as { summary: { id: string } }).summary.id;
  return { ...shown, sessions: shown.sessions.filter((session) => idOf(session) !== deleted) };
}

async function rowsOf(session: string): Promise<Record<string, number>> {
  const tables = ['item', 'usage', 'rollup', 'rollup_tool', 'screenshot'];
  const counts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await stack.pool.query<{ count: number }>(
        `select count(*)::int from ${table} where session_id = $1`,
        [session],
      );
      return [table, rows[0]?.count ?? -1] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** The session is gone from the read model and from the log. */
async function isGone(session: string, text = secret): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await stack.pool.query(
        'select deleted, started_at, title, project_path from session where id = $1',
        [session],
      );
      expect(rows).toEqual([{ deleted: true, started_at: null, title: null, project_path: null }]);
      const lines = (await readableText(stack.nats, factsStreamName)).split('\n');
      expect(lines.filter((line) => line.includes(text))).toEqual([]);
      const { rows: pending } = await stack.pool.query(
        `select file from file_state where $1 = any(sessions)
           or (entombed = '{}' or $1 = any(entombed)) and tombstone is not null and erased is distinct from tombstone`,
        [session],
      );
      expect(pending).toEqual([]);
      expect(await tablesWith(stack.pool, text)).toEqual([]);
      expect(Object.values(await rowsOf(session))).toEqual([0, 0, 0, 0, 0]);
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

async function checkpointsStand(): Promise<void> {
  const { rows } = await stack.pool.query<{ sequence: number }>(
    'select sequence::int from checkpoint where sequence > 0',
  );
  const { direct } = await jetstreamManager(stack.nats);
  for (const { sequence } of rows)
    expect(await direct.getMessage(factsStreamName, { seq: sequence })).not.toBeNull();
}

/** Everything once more from the log as it is now, into an empty read model. */
async function deriveAgain(): Promise<void> {
  await stack.stopAllIngests();
  // As a migration does.
  await stack.pool.query(deriveAgainSql);
  await stack.startIngest();
  await stack.caughtUp();
}

async function writeFamily(): Promise<void> {
  const history = [answer('x', 'm-shared', 11), answer('x', 'm-shared-2', 12, 20)];
  const copied = (session: string) =>
    linesOf(...history.map((record) => ({ ...record, sessionId: session })));
  await log.append(root, mainPath('s-first'), telling('s-first', 'm-own', 1));
  await log.append(root, mainPath('s-first'), copied('s-first'));
  await log.append(root, agentPath('s-first', 'a1'), telling('s-first', 'm-agent', 13));
  await log.append(root, mainPath('s-fork'), linesOf(prompt('s-fork', 'p-fork', 11)));
  await log.append(root, mainPath('s-fork'), copied('s-fork'));
  await log.append(root, mainPath('s-other'), linesOf(prompt('s-other', 'p-other', 5)));
}

describe('a session that is deleted', () => {
  it('is gone from rows and log, its fork counts what it copied, and a read model derived again is the same', async () => {
    await stack.startIngest();
    const deltas = stack.recordDeltas();
    await writeFamily();
    await stack.caughtUp();
    const tokens = async (id: string) => {
      const { rows } = await stack.pool.query<{ output: number }>(
        `select (summary -> 'stats' -> 'tokens' ->> 'output')::int as output from session where id = $1`,
        [id],
      );
      return rows[0]?.output;
    };
    expect([await tokens('s-first'), await tokens('s-fork')]).toEqual([50, 0]);
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    expect(await tokens('s-fork')).toBe(30);
    await checkpointsStand();

    const of = (room: Delta['room']) =>
      deltas.filter((delta) => delta.room === room && delta.changes?.deleted === true);
    // One for the room, one of two fleet deltas for whoever keeps something of sessions.
    await eventually(() => expect([of('session:s-first').length, of('fleet').length]).toEqual([1, 2]));

    const live = await shownInDatabase(stack.pool);
    await deriveAgain();
    expect(await shownInDatabase(stack.pool)).toEqual(live);
    await isGone('s-first');
  });

  it('leaves all others as if it had never been', async () => {
    await stack.startIngest();
    await writeFamily();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    const left = await others('s-first');
    await stack.beginAnew();
    log = new LogWriter(stack.nats);
    const history = [answer('s-fork', 'm-shared', 11), answer('s-fork', 'm-shared-2', 12, 20)];
    await log.append(root, mainPath('s-fork'), linesOf(prompt('s-fork', 'p-fork', 11), ...history));
    await log.append(root, mainPath('s-other'), linesOf(prompt('s-other', 'p-other', 5)));
    await stack.startIngest();
    await stack.caughtUp();
    expect(left).toEqual(await shownInDatabase(stack.pool));
  });

  it('does not come back by what its files tell later, nor by files that are met later', async () => {
    await stack.startIngest();
    await writeFamily();
    await stack.caughtUp();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    const left = await others('s-first');
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-later', 20));
    log.restart(mainPath('s-first'));
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-anew', 20));
    await log.append(root, agentPath('s-first', 'late'), telling('s-first', 'm-late', 21));
    await log.append(
      '/other/root',
      '/other/root/projects/-x/s-first.jsonl',
      telling('s-first', 'm-copy', 22),
    );
    await new LogWriter(stack.nats, 'other-host').append(
      root,
      mainPath('s-first'),
      telling('s-first', 'm-host', 23),
    );
    // Not one line of it can be read: only its path says whose it is.
    await log.append(root, agentPath('s-first', 'broken'), Buffer.from(`{"broken ${secret}\n`));
    await stack.caughtUp();
    await isGone('s-first');
    expect(await others('s-first')).toEqual(left);
    expect((await stack.pool.query('select * from quarantine')).rows).toEqual([]);
    await checkpointsStand();
  });

  it('leaves all it shared to its fork, however much that is, and wherever ingest stops', async () => {
    const history = Array.from({ length: 2500 }, (_, k) => answer('x', `m-${k}`, 10 + k));
    const copied = (session: string) =>
      linesOf(...history.map((record) => ({ ...record, sessionId: session })));
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-own', 1));
    await log.append(root, mainPath('s-first'), copied('s-first'));
    await log.append(root, mainPath('s-fork'), linesOf(prompt('s-fork', 'p-fork', 11)));
    await log.append(root, mainPath('s-fork'), copied('s-fork'));
    await stack.startIngest('first');
    await stack.caughtUp();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await eventually(async () => {
      const { rows } = await stack.pool.query("select 1 from session where id = 's-first' and deleted");
      expect(rows).toHaveLength(1);
    });
    await stack.stopIngest('first');
    await stack.startIngest('second');
    await isGone('s-first');
    const messages = async () =>
      (
        await stack.pool.query(
          "select messages, tokens_total::int as tokens from session where id = 's-fork'",
        )
      ).rows;
    expect(await messages()).toEqual([{ messages: 2501, tokens: 2500 * 15 }]);
    const left = await shownInDatabase(stack.pool);
    await stack.stopAllIngests();
    await deriveAgain();
    expect(await shownInDatabase(stack.pool)).toEqual(left);
  });

  it('holds up nobody’s facts, however long it takes to settle what it shared', async () => {
    // The keys that are settled with the command; the next one is shared with a session that somebody holds.
    const history = Array.from({ length: 1000 }, (_, k) => answer('x', `m-${k}`, 10 + k));
    const last = answer('x', 'n-last', 9);
    const copied = (session: string, records: readonly object[]) =>
      linesOf(...records.map((record) => ({ ...record, sessionId: session })));
    await log.append(root, mainPath('s-first'), copied('s-first', [...history, last]));
    await log.append(root, mainPath('s-fork'), copied('s-fork', history));
    await log.append(root, mainPath('s-held'), linesOf(prompt('s-held', 'p-held', 11)));
    await log.append(root, mainPath('s-held'), copied('s-held', [last]));
    await stack.startIngest();
    await stack.caughtUp();
    const holder = await stack.pool.connect();
    try {
      await holder.query('begin; set local idle_in_transaction_session_timeout = 0');
      await holder.query("select 1 from session where id = 's-held' for update");
      await deleteSession(stack.nats, 's-first', 'claude-code');
      await eventually(async () => {
        const { rows } = await stack.pool.query("select 1 from session where id = 's-first' and deleted");
        expect(rows).toHaveLength(1);
      });
      for (let k = 0; k < 64; k++)
        await log.append(root, mainPath(`s-live-${k}`), linesOf(prompt(`s-live-${k}`, `p-live-${k}`, 1)));
      await stack.caughtUp();
      const { rows } = await stack.pool.query("select key from item where session_id = 's-first'");
      expect(rows).toEqual([{ key: 'm:n-last' }]);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    await isGone('s-first');
    const { rows } = await stack.pool.query("select messages from session where id = 's-held'");
    expect(rows).toEqual([{ messages: 2 }]);
  });

  it('is gone also where the command comes before anything else of it', async () => {
    await stack.startIngest();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await writeFamily();
    await stack.caughtUp();
    await isGone('s-first');
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await stack.caughtUp();
    await isGone('s-first');
  });

  it('does not come back where all is derived again from another log', async () => {
    await stack.startIngest();
    await writeFamily();
    await stack.caughtUp();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    await stack.stopAllIngests();
    await stack.wipeLog();
    log = new LogWriter(stack.nats);
    await writeFamily();
    await deriveAgain();
    await isGone('s-first');
  });

  it('is erased to the end, however often ingest stops on the way', async () => {
    for (let part = 0; part < 60; part++)
      await log.append(root, mainPath('s-first'), telling('s-first', `m-${part}`, part));
    await deleteSession(stack.nats, 's-first', 'claude-code');
    for (let stop = 0; stop < 4; stop++) {
      const instance = `stopped-${stop}`;
      await stack.startIngest(instance);
      await eventually(async () => {
        const { rows } = await stack.pool.query("select 1 from session where id = 's-first' and deleted");
        expect(rows).toHaveLength(1);
      });
      await stack.stopIngest(instance);
    }
    await stack.startIngest();
    await isGone('s-first');
    await checkpointsStand();
  });

  it('claims nothing while other partitions commit what tells of it, on two replicas', async () => {
    await Promise.all([stack.startIngest('one'), stack.startIngest('two')]);
    // The layout of old: an agent's file lies beside its session's, in a partition of its own.
    const agents = Array.from(
      { length: 12 },
      (_, k) => `${root}/projects/-home-dev-app/agent-${n}-${k}.jsonl`,
    );
    const write = async (path: string, k: number) => {
      for (let turn = 0; turn < 5; turn++)
        await log.append(root, path, telling('s-first', `m-${k}-${turn}`, turn * 2));
    };
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-own', 1));
    const writing = agents.map(write);
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await Promise.all(writing);
    await stack.caughtUp();
    await isGone('s-first');
  });
});

describe('a watcher that says a session is deleted', () => {
  /** On the subject of a file of its own, or of whatever file its host has. */
  async function say(path: string, scope?: TombstoneScope): Promise<void> {
    const body = JSON.stringify({
      kind: 'deleted',
      session: 's-first',
      source: 'claude-code',
      at: new Date().toISOString(),
      sessions: ['s-first', 's-other'],
    });
    const file = { root, path, generation: 'g', offset: 0, to: body.length };
    await log.publish('telltale.session.deleted.v1', { ...file, scope }, Buffer.from(body));
  }

  it('deletes nobody, and keeps nobody from being deleted', async () => {
    await stack.startIngest();
    await writeFamily();
    await stack.caughtUp();
    const before = await shownInDatabase(stack.pool);
    const told = () => readableText(stack.nats, factsStreamName).then((text) => text.split(secret).length);
    const facts = await told();
    for (const path of [mainPath('s-first'), mainPath('s-other'), `${root}/projects/-x/own.jsonl`])
      for (const scope of [undefined, 'shared', 'file'] as const) await say(path, scope);
    await stack.caughtUp();
    await log.append(root, mainPath('s-later'), linesOf(prompt('s-later', 'p-later', 30)));
    await stack.caughtUp();
    // One that begins looks for what is to be erased.
    await stack.stopAllIngests();
    await stack.startIngest('another');
    await stack.caughtUp();
    expect(await told()).toBe(facts);
    const sessionsOf = ({ sessions }: Shown) => sessions.map((one) => JSON.stringify(one));
    const after = await shownInDatabase(stack.pool);
    for (const session of sessionsOf(before)) expect(sessionsOf(after)).toContain(session);

    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
  });
});

describe('a file that tells of several sessions', () => {
  const registry = `${root}/sessions/4711.json`;
  const process = (sessionId: string, second: number, name: string) =>
    Buffer.from(
      `${JSON.stringify({
        pid: 4711,
        sessionId,
        cwd: '/home/dev/app',
        startedAt: Date.UTC(2026, 5, 1, 10),
        statusUpdatedAt: Date.UTC(2026, 5, 1, 10, 0, second),
        status: 'busy',
        name,
        nameSince: Date.UTC(2026, 5, 1, 10),
        nameSource: 'user',
      })}\n`,
    );

  it('loses the facts of the deleted one, and keeps the others', async () => {
    await stack.startIngest();
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-own', 1));
    await log.append(root, mainPath('s-other'), linesOf(prompt('s-other', 'p-other', 5)));
    await log.append(root, registry, process('s-first', 6, `about ${secret}`));
    await log.append(root, registry, process('s-other', 7, 'about nothing'));
    await stack.caughtUp();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    expect(await readableText(stack.nats, factsStreamName)).toContain('about nothing');
    const status = async () =>
      (await stack.pool.query("select status, title from session where id = 's-other'")).rows;
    expect(await status()).toEqual([{ status: 'running', title: 'about nothing' }]);
    // What the process is at then leaves no further tombstones.
    const tombstones = async () =>
      (await readableText(stack.nats, factsStreamName)).split('ce-scope: shared').length - 1;
    await log.append(root, registry, process('s-other', 8, 'about nothing'));
    await stack.caughtUp();
    await isGone('s-first');
    expect(await tombstones()).toBe(1);
    // The process turns back to what was deleted.
    await log.append(root, registry, process('s-first', 9, `again ${secret}`));
    await stack.caughtUp();
    await isGone('s-first');
    await deriveAgain();
    expect(await status()).toMatchObject([{ title: 'about nothing' }]);
  });
});

describe('a list of many sessions', () => {
  const path = `${root}/projects/-home-dev-app/sessions-index.json`;
  const index = (...entries: object[]) => linesOf({ version: 1, entries });
  const entry = (sessionId: string, more: object) => ({
    sessionId,
    modified: '2026-06-01T10:00:00.000Z',
    ...more,
  });

  it('is written anew without the deleted one, however long it is', async () => {
    await stack.startIngest();
    await log.append(root, mainPath('s-first'), telling('s-first', 'm-own', 1));
    await log.append(root, mainPath('s-other'), linesOf(prompt('s-other', 'p-other', 5)));
    const leaky = entry('s-first', { firstPrompt: `about ${secret}` });
    await log.append(root, path, index(leaky, entry('s-other', { customTitle: 'an older title' })));
    await log.append(
      root,
      path,
      index(
        leaky,
        entry('s-other', { summary: 'a summary' }),
        entry('s-none', { padding: 'x'.repeat(300_000) }),
      ),
    );
    await stack.caughtUp();
    await deleteSession(stack.nats, 's-first', 'claude-code');
    await isGone('s-first');
    const title = async () => (await stack.pool.query("select title from session where id = 's-other'")).rows;
    expect(await title()).toEqual([{ title: 'an older title' }]);
    // Its tool still lists it.
    log.restart(path);
    await log.append(
      root,
      path,
      index(leaky, entry('s-other', { customTitle: 'a newer title', modified: '2026-06-02T10:00:00.000Z' })),
    );
    await stack.caughtUp();
    await isGone('s-first');
    await deriveAgain();
    expect(await title()).toEqual([{ title: 'a newer title' }]);
  });
});

describe('pictures of a deleted test run', () => {
  it('go with it, but for bytes that another run shows', async () => {
    await stack.startIngest();
    const [own, shared] = [testPicture(1), testPicture(2)];
    const runs = ['session_1762316690033', 'session_1762316690034'].map(
      (folder) => new TestRunWriter(stack.nats, folder),
    );
    const [first, second] = runs as [TestRunWriter, TestRunWriter];
    for (const run of runs) {
      await run.begin();
      await run.store(shared);
      await run.tell('baseline.png', shared);
    }
    await first.store(own);
    await first.tell('end.png', own);
    await stack.caughtUp();
    const held = async () => {
      const text = await readableText(stack.nats, bytesStreamName);
      return [own, shared].map((picture) => text.includes(sha256(picture)));
    };
    expect(await held()).toEqual([true, true]);
    await deleteSession(stack.nats, first.sessionId, 'ui-test');
    await isGone(first.sessionId, 'end.png');
    expect(await held()).toEqual([false, true]);
    await deleteSession(stack.nats, second.sessionId, 'ui-test');
    await isGone(second.sessionId, 'baseline.png');
    expect(await held()).toEqual([false, false]);
  });
});
