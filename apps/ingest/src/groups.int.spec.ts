import { partitionCount, partitionOf } from '@telltale/contracts';
import { claudeTranscript } from '@telltale/domain';
import { eventually } from '@telltale/platform/testing';
import type { PoolClient } from 'pg';
import { FactsHandler } from './consuming/facts-handler';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { linesOf, mainPath, prompt, root } from './testing/records';

const partitionOfSession = (session: string) =>
  partitionOf(claudeTranscript(root, mainPath(session)).orderingKey);

/** A session in each partition. */
const sessions = Array.from({ length: partitionCount }, (_, partition) => {
  for (let n = 0; ; n++) if (partitionOfSession(`g-${n}`) === partition) return `g-${n}`;
});
const [first = '', second = '', ...others] = sessions;

describe('partitions that have something to say at once', () => {
  let stack: IngestStack;
  let log: LogWriter;
  let holder: PoolClient;
  /** Looked at, not replaced. */
  const handle = jest.spyOn(FactsHandler.prototype, 'handle');

  beforeAll(async () => {
    stack = await IngestStack.start();
    await stack.startIngest();
    log = new LogWriter(stack.nats);
    for (const session of sessions) await write(session, 1);
    await stack.caughtUp();
  });
  afterAll(async () => {
    await stack?.stop();
    handle.mockRestore();
  });

  /** Both commits that may be under way wait for us, all else behind them. */
  beforeEach(async () => {
    holder = await stack.pool.connect();
    await holder.query('set idle_in_transaction_session_timeout = 0; begin');
    await holder.query('select 1 from session where id = any($1) order by id for update', [[first, second]]);
    await write(first, 2);
    await waiting(1);
    await write(second, 2);
    await waiting(2);
  });

  const write = (session: string, n: number) =>
    log.append(root, mainPath(session), linesOf(prompt(session, `${session}-${n}`, n)));

  const waiting = (count: number) =>
    eventually(async () => {
      const { rows } = await stack.pool.query<{ count: number }>(
        `select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'telltale-ingest' and datname = current_database()`,
      );
      expect(rows[0]?.count).toBe(count);
    });

  /** All of it has come to who folds it. */
  const handed = (sequences: readonly number[]) =>
    eventually(() => {
      const facts = handle.mock.calls.flatMap(([batch]) => batch.map(({ sequence }) => sequence));
      expect(facts).toEqual(expect.arrayContaining([...sequences]));
    });

  const release = async () => {
    await holder.query('commit; reset idle_in_transaction_session_timeout');
    holder.release();
  };

  const messagesOf = async (ids: readonly string[]) => {
    const { rows } = await stack.pool.query<{ id: string; messages: number; version: string }>(
      'select id, messages, xmin::text as version from session where id = any($1) order by id',
      [ids],
    );
    return rows;
  };

  it('are committed as one, each with its own checkpoint', async () => {
    const written: number[] = [];
    for (const session of others) written.push(await write(session, 2));
    await handed(written);
    await release();
    await stack.caughtUp();
    const rows = await messagesOf(others);
    expect(rows.map(({ messages }) => messages)).toEqual(others.map(() => 2));
    expect(new Set(rows.map(({ version }) => version)).size).toBeLessThan(others.length / 2);
  });

  it('go on where one of them was lost to another replica', async () => {
    const [lost = '', ...kept] = others;
    const before = (await messagesOf([lost]))[0]?.messages;
    const written: number[] = [];
    for (const session of others) written.push(await write(session, 3));
    await handed(written);
    await stack.pool.query(
      `update checkpoint set owner = 'another', epoch = epoch + 1, expires_at = now() + interval '1 minute' where partition = $1`,
      [partitionOfSession(lost)],
    );
    await release();
    await eventually(async () => {
      const rows = await messagesOf(kept);
      expect(rows.map(({ messages }) => messages)).toEqual(kept.map(() => 3));
    });
    expect((await messagesOf([lost]))[0]?.messages).toBe(before);
    await stack.pool.query('update checkpoint set expires_at = now() where partition = $1', [
      partitionOfSession(lost),
    ]);
    await stack.caughtUp();
    expect((await messagesOf([lost]))[0]?.messages).toBe(3);
  });
});
