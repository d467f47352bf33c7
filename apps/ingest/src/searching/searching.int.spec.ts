import { maxFactBytes } from '@telltale/contracts';
import { corpus, testRoot } from '@telltale/domain/testing';
import { createLogger } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import fc from 'fast-check';
import { IngestStack } from '../testing/ingest-stack';
import { LogWriter } from '../testing/log-writer';
import { answer, linesOf, mainPath, prompt, root, secondsAfterTen } from '../testing/records';
import { FactLines } from './fact-lines';
import { OvertakenError, SearchIndexer } from './search-indexer';
import { Searching } from './searching';
import { Unread } from './unread';

describe('the projection of the search', () => {
  let stack: IngestStack;
  let log: LogWriter;

  beforeAll(async () => {
    stack = await IngestStack.start();
  });
  beforeEach(async () => {
    await stack.beginAnew();
    log = new LogWriter(stack.nats);
    await stack.startIngest();
  });
  afterAll(() => stack?.stop());

  const queued = async () => {
    const { rows } = await stack.pool.query<{ count: number }>('select count(*)::int from search_queue');
    return rows[0]?.count;
  };
  /** All that is in the log can be found. */
  const searched = async () => {
    await stack.caughtUp();
    await eventually(async () => expect(await queued()).toBe(0), { timeoutMs: 60_000 });
  };
  /** `<session> <key>` of what holds this tsquery. */
  const found = async (query: string) => {
    const { rows } = await stack.pool.query<{ name: string }>(
      `select session_id || ' ' || key as name from search_document where tsv @@ $1::tsquery order by name`,
      [query],
    );
    return rows.map(({ name }) => name);
  };
  const write = (session: string, ...records: unknown[]) =>
    log.append(root, mainPath(session), linesOf(...records));
  const texts = (session: string, message: string, second: number, ...said: string[]) => {
    const record = answer(session, message, second);
    record.message.content = said.map((text) => ({ type: 'text', text }));
    return record;
  };

  const quiet = createLogger('test', { write: () => undefined });
  const indexer = () => new SearchIndexer(stack.pool, new FactLines(stack.nats), quiet);

  it('finds what people, models and tools said, and the title', async () => {
    const use = answer('s1', 'm1', 2);
    use.message.content = [
      { type: 'text', text: 'Looking for the zebra' },
      { type: 'tool_use', id: 't1', name: 'Grep', input: { pattern: 'giraffe', path: 'src/zoo.ts' } },
    ];
    const result = {
      ...prompt('s1', 'r1', 3),
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'elephant!' }] },
    };
    await write('s1', prompt('s1', 'p1', 1), use, result);
    await write('s1', {
      type: 'custom-title',
      customTitle: 'An okapi',
      sessionId: 's1',
      timestamp: secondsAfterTen(4),
    });
    await searched();
    expect(await found(`'please' & 'p1'`)).toEqual(['s1 p:p1']);
    expect(await found(`'zebra'`)).toEqual(['s1 m:m1']);
    expect(await found(`'grep' & 'giraffe' & 'elephant'`)).toEqual(['s1 t:t1']);
    expect(await found(`'src' <-> 'zoo' <-> 'ts'`)).toEqual(['s1 t:t1']);
    expect(await found(`'okapi'`)).toEqual(['s1 ']);
    expect(await found(`'@${Date.UTC(2026, 5, 1) / 86_400_000}'`)).toHaveLength(4);
  });

  it('finds what stands behind the preview, in every record of a message', async () => {
    const filler = 'filler '.repeat(2_000);
    const long = prompt('s1', 'p1', 1);
    long.message.content = `${filler} ostrich`;
    const result = {
      ...prompt('s1', 'r1', 4),
      message: {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: `${filler} pelican` }],
      },
    };
    const use = answer('s1', 'm2', 3);
    use.message.content = [
      { type: 'tool_use', id: 't1', name: 'Write', input: { content: `${filler} heron` } },
    ];
    await write('s1', long, texts('s1', 'm1', 2, 'first'));
    await write('s1', { ...texts('s1', 'm1', 2, `${filler} flamingo`), uuid: 'm1-b' }, use, result);
    await searched();
    expect(await found(`'ostrich'`)).toEqual(['s1 p:p1']);
    expect(await found(`'first' & 'flamingo'`)).toEqual(['s1 m:m1']);
    expect(await found(`'heron' & 'pelican'`)).toEqual(['s1 t:t1']);
  });

  it('follows a message that grows, and a title that changes', async () => {
    await write('s1', prompt('s1', 'p1', 1), texts('s1', 'm1', 2, 'early words'));
    await searched();
    expect(await found(`'early'`)).toEqual(['s1 m:m1']);
    expect(await found(`'late'`)).toEqual([]);
    await write('s1', { ...texts('s1', 'm1', 3, 'late words'), uuid: 'm1-b' });
    await write('s1', {
      type: 'custom-title',
      customTitle: 'Okapi',
      sessionId: 's1',
      timestamp: secondsAfterTen(4),
    });
    await searched();
    expect(await found(`'early' & 'late'`)).toEqual(['s1 m:m1']);
    expect(await found(`'okapi'`)).toEqual(['s1 ']);
    await write('s1', {
      type: 'custom-title',
      customTitle: 'Zebra',
      sessionId: 's1',
      timestamp: secondsAfterTen(5),
    });
    await searched();
    expect(await found(`'okapi'`)).toEqual([]);
    expect(await found(`'zebra'`)).toEqual(['s1 ']);
  });

  it('finds a copied message once, with the session it counts for, also where that turns up later', async () => {
    const copied = texts('later', 'shared', 30, 'a unicorn');
    await write('later', prompt('later', 'l1', 20), copied);
    await searched();
    expect(await found(`'unicorn'`)).toEqual(['later m:shared']);
    await write('earlier', prompt('earlier', 'e1', 10), texts('earlier', 'shared', 30, 'a unicorn'));
    await searched();
    expect(await found(`'unicorn'`)).toEqual(['earlier m:shared']);
  });

  it('finds the last word of a text of two megabytes that came in parts', async () => {
    const words = Array.from({ length: 250_000 }, (_, n) => `word${n % 40_000}`).join(' ');
    expect(words.length).toBeGreaterThan(15 * maxFactBytes);
    await write('s1', texts('s1', 'm1', 1, `${words} hippopotamus`), texts('s1', 'm2', 2, 'a neighbour'));
    await searched();
    expect(await found(`'hippopotamus' & 'word39999'`)).toEqual(['s1 m:m1']);
    expect(await found(`'word7' <-> 'word8'`)).toEqual(['s1 m:m1']);
    expect(await found(`'neighbour'`)).toEqual(['s1 m:m2']);
  });

  it('takes hostile texts, and bounds what nobody can have meant', async () => {
    const noise = Array.from({ length: 200_000 }, (_, n) => (n * 2_654_435_761).toString(36)).join(' ');
    await write(
      's1',
      texts('s1', 'm1', 1, `a\u0000b \ud800 \u001b[31m ' \\ : ''':1,2 <script>alpha</script>`),
      texts('s1', 'm2', 2, `beta ${'x'.repeat(500_000)} gamma`),
      texts('s1', 'm3', 3, `${noise} unreachable`),
      texts('s1', 'm4', 4, `delta ${'=\u0301'.repeat(50_000)} ${'漢'.repeat(50_000)}`),
      texts('s1', 'm5', 5, 'epsilon'),
    );
    await searched();
    expect(await found(`'script' <-> 'alpha'`)).toEqual(['s1 m:m1']);
    expect(await found(`'beta' & 'gamma' & '${'x'.repeat(64)}'`)).toEqual(['s1 m:m2']);
    expect(await found(`'${(2_654_435_761).toString(36)}'`)).toEqual(['s1 m:m3']);
    expect(await found(`'delta' & '漢漢'`)).toEqual(['s1 m:m4']);
    expect(await found(`'epsilon'`)).toEqual(['s1 m:m5']);
  });

  it('goes on where it stood when ingest stopped', async () => {
    await write('s1', prompt('s1', 'p0', 1));
    await searched();
    for (let n = 1; n <= 30; n++) {
      await write('s1', prompt('s1', `p${n}`, n));
      if (n % 6 !== 0) continue;
      await stack.stopIngest();
      await stack.startIngest();
    }
    await searched();
    expect(await found(`'please'`)).toHaveLength(31);
    const { rows } = await stack.pool.query<{ moved: boolean }>(
      'select bool_or(position > 0) as moved from search_checkpoint',
    );
    expect(rows[0]?.moved).toBe(true);
  });

  it('is shared by replicas that come and go', async () => {
    const sessions = Array.from({ length: 24 }, (_, n) => `r${n}`);
    await stack.startIngest('two');
    for (const session of sessions) await write(session, prompt(session, `${session}-a`, 1));
    await stack.stopIngest('one');
    for (const session of sessions) await write(session, prompt(session, `${session}-b`, 2));
    await stack.startIngest('three');
    for (const session of sessions) await write(session, prompt(session, `${session}-c`, 3));
    await searched();
    expect(await found(`'please'`)).toHaveLength(72);
  });

  it('moves no checkpoint where another replica was there first', async () => {
    await write('s1', prompt('s1', 'p1', 1));
    await searched();
    await stack.stopIngest();
    await stack.pool.query(
      `insert into search_queue (partition, session_id, keys) values (3, 's1', '["p:p1"]')`,
    );
    const overtaking = () =>
      stack.pool
        .query('update search_checkpoint set position = 1000000 where partition = 3')
        .then(() => undefined);
    const step = indexer().step(3, overtaking);
    await expect(step).rejects.toThrow(OvertakenError);
    expect(await queued()).toBe(1);
  });

  it('goes on behind what it has done where it was stopped among many changes', async () => {
    await stack.stopIngest();
    await stack.pool.query(
      `insert into search_queue (partition, session_id, keys)
       select 3, 's1', (select json_agg('p:' || commit || '-' || n) from generate_series(1, 1500) n) from generate_series(1, 4) commit`,
    );
    let turns = 0;
    const stop = () => (++turns > 20 ? Promise.reject(new Error('stopped')) : Promise.resolve());
    await expect(indexer().step(3, stop)).rejects.toThrow('stopped');
    expect(await queued()).toBe(2);
    await indexer().step(3, () => Promise.resolve());
    expect(await queued()).toBe(0);
  });

  it('leaves nothing of a session that is deleted while its documents are written', async () => {
    await write('s1', prompt('s1', 'p1', 1));
    await searched();
    await stack.stopIngest();
    await stack.pool.query(`
      create function wait_for_test() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(1); return new; end $$;
      delete from search_document;
      create trigger wait_for_test before insert on search_document for each row execute function wait_for_test();
      insert into search_queue (partition, session_id, keys) values (3, 's1', '["p:p1"]')`);
    const test = await stack.pool.connect();
    await test.query('select pg_advisory_lock(1)');
    const step = indexer().step(3, () => Promise.resolve());
    const waiting = `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`;
    await eventually(async () => expect((await stack.pool.query(waiting)).rowCount).toBe(1));
    // As a commit deletes it, whose own row in the queue of another partition is read at once.
    await stack.pool.query(`
      delete from item where session_id = 's1';
      delete from search_document where session_id = 's1';
      update session set deleted = true, started_at = null where id = 's1'`);
    await test.query('select pg_advisory_unlock(1)');
    test.release();
    await step;
    expect(await found(`'please'`)).toEqual([]);
  });

  it('lets facts that wait go before', async () => {
    await stack.stopIngest();
    await stack.pool.query(
      `insert into search_queue (partition, session_id, keys) select 3, 's1', '["p:1"]' from generate_series(1, 3)`,
    );
    let busy = true;
    let asked = 0;
    const reader = indexer();
    const began: { readonly whileBusy: boolean; readonly afterMs: number }[] = [];
    const start = performance.now();
    const { step } = reader;
    reader.step = (...of) => {
      began.push({ whileBusy: busy, afterMs: performance.now() - start });
      return step.apply(reader, of);
    };
    const searching = new Searching({
      pool: stack.pool,
      indexer: reader,
      held: () => [3],
      unread: new Unread(),
      isBusy: () => (asked++, busy),
      isBehind: () => busy,
      logger: quiet,
    });
    searching.start();
    await eventually(() => expect(asked).toBeGreaterThan(3));
    busy = false;
    await eventually(async () => expect(await queued()).toBe(0));
    await searching.stop();
    // Two seconds is as long as it waits for anybody.
    const tooEarly = began.filter(({ whileBusy, afterMs }) => whileBusy && afterMs < 1_900);
    expect(tooEarly).toEqual([]);
  });

  it('keeps up with hours in which facts never cease to come', async () => {
    await stack.stopIngest();
    await stack.pool.query(
      `insert into search_queue (partition, session_id, keys) select 3, 's1', '["p:1"]' from generate_series(1, 6400)`,
    );
    const searching = new Searching({
      pool: stack.pool,
      indexer: indexer(),
      held: () => [3],
      unread: new Unread(),
      isBusy: () => true,
      isBehind: () => true,
      logger: quiet,
    });
    searching.start();
    // One portion every two seconds would take minutes.
    await eventually(async () => expect(await queued()).toBe(0), { timeoutMs: 90_000 });
    await searching.stop();
  });

  it('reads the other partitions where one cannot be read', async () => {
    await stack.stopIngest();
    await stack.pool.query(
      `insert into search_queue (partition, session_id, keys) values (3, 's1', '7'), (5, 's2', '["p:1"]')`,
    );
    const searching = new Searching({
      pool: stack.pool,
      indexer: indexer(),
      held: () => [3, 5],
      unread: new Unread(),
      isBusy: () => false,
      isBehind: () => false,
      logger: quiet,
    });
    searching.start();
    await eventually(async () => {
      const { rows } = await stack.pool.query('select partition from search_queue');
      expect(rows).toEqual([{ partition: 3 }]);
    });
    await searching.stop();
  });

  it('stores the others where one document cannot be stored', async () => {
    await stack.pool.query(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'too much' using errcode = '54000'; end $$;
      create trigger refuse before insert on search_document for each row when (new.tsv @@ 'poison') execute function refuse()`);
    await write(
      's1',
      texts('s1', 'm1', 1, 'alpha'),
      texts('s1', 'm2', 2, 'beta poison'),
      texts('s1', 'm3', 3, 'gamma'),
    );
    await searched();
    expect(await found(`'alpha' | 'beta' | 'gamma'`)).toEqual(['s1 m:m1', 's1 m:m3']);
  });

  it('reads a log that was made anew, and keeps what only the old one had', async () => {
    await write('s1', prompt('s1', 'p1', 1));
    await write('s2', prompt('s2', 'p2', 1));
    await searched();
    await stack.stopAllIngests();
    await stack.wipeLog();
    log = new LogWriter(stack.nats);
    await write('s1', prompt('s1', 'p1', 1), texts('s1', 'm1', 2, 'a new word'));
    await stack.startIngest();
    await searched();
    expect(await found(`'please'`)).toEqual(['s1 p:p1', 's2 p:p2']);
    expect(await found(`'new' <-> 'word'`)).toEqual(['s1 m:m1']);
  });

  it('has a document for each item that is shown and counts, whatever came in which order', async () => {
    await fc.assert(
      fc.asyncProperty(corpus, async (files) => {
        await stack.beginAnew();
        log = new LogWriter(stack.nats, 'test');
        await stack.startIngest();
        for (const half of [0, 1])
          for (const [n, { path, lines }] of files.entries()) {
            const middle = Math.floor(lines.length / 2);
            const some = (n + half) % 2 === 0 ? lines.slice(0, middle) : lines.slice(middle);
            const bytes = Buffer.from(some.map((line) => `${line}\n`).join(''));
            if (bytes.length > 0) await log.append(testRoot, `${testRoot}/${path}`, bytes);
          }
        await searched();
        const { rows } = await stack.pool.query<{ name: string }>(
          `select session_id || ' ' || key as name from item where counted and used and kind <> 'compaction' order by name`,
        );
        const documents = await stack.pool.query<{ name: string }>(
          `select session_id || ' ' || key as name from search_document where key <> '' order by name`,
        );
        expect(documents.rows).toEqual(rows);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('forgets a session that is deleted', async () => {
    await write('s1', prompt('s1', 'p1', 1));
    await write('s2', prompt('s2', 'p2', 1));
    await searched();
    await stack.pool.query("insert into search_queue (partition, session_id, keys) values (3, 's1', null)");
    await searched();
    expect(await found(`'please'`)).toEqual(['s2 p:p2']);
  });
});
