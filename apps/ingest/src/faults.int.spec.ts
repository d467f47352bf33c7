import { eventually } from '@telltale/platform/testing';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { answer, linesOf, mainPath, root } from './testing/records';

describe('servers that are killed in mid-stream', () => {
  let stack: IngestStack;
  let log: LogWriter;
  const written = new Set<string>();

  beforeAll(async () => {
    stack = await IngestStack.start();
    log = new LogWriter(stack.nats);
    await stack.startIngest('one');
    await stack.startIngest('two');
  });
  afterAll(() => stack?.stop());

  /** Writes until told to stop; what was not acknowledged is written again, so that some come twice. */
  function writeOn(name: string): () => Promise<void> {
    let stopped = false;
    const done = (async () => {
      for (let n = 0; !stopped; n++) {
        const session = `f-${name}-${n % 12}`;
        const message = `${session}-${n}`;
        const line = linesOf(answer(session, message, n, 10 + n));
        await eventually(() => log.append(root, mainPath(session), line), { timeoutMs: 60_000 });
        written.add(message);
      }
    })();
    return () => {
      stopped = true;
      return done;
    };
  }

  const counted = async () => {
    const { rows } = await stack.pool.query<{ messages: number; priced: number }>(
      'select sum(messages)::int as messages, sum(priced)::int as priced from rollup',
    );
    return rows[0];
  };
  const atLeast = (count: number) =>
    eventually(async () => expect((await counted())?.messages ?? 0).toBeGreaterThanOrEqual(count), {
      timeoutMs: 60_000,
    });

  async function endsExactly(): Promise<void> {
    await stack.caughtUp();
    expect(await counted()).toEqual({ messages: written.size, priced: written.size });
    const { rows } = await stack.pool.query<{ sum: number }>(
      `select sum((summary -> 'stats' ->> 'messages')::int)::int as sum from session`,
    );
    expect(rows[0]?.sum).toBe(written.size);
    const quarantined = await stack.pool.query('select * from quarantine');
    expect(quarantined.rows).toEqual([]);
  }

  it('goes on exactly after kill -9 of PostgreSQL', async () => {
    const stop = writeOn('pg');
    await atLeast(30);
    await stack.postgresServer.kill();
    await stack.postgresServer.restart();
    await atLeast(written.size + 30);
    await stop();
    await endsExactly();
  });

  it('goes on exactly, and soon, after kill -9 of NATS', async () => {
    const stop = writeOn('nats');
    await atLeast(written.size + 30);
    await stack.natsServer.kill();
    await stack.natsServer.restart();
    const back = Date.now();
    await atLeast(written.size + 60);
    // A consumer by itself notices after half a minute at best that its server began anew.
    expect(Date.now() - back).toBeLessThan(30_000);
    await stop();
    await endsExactly();
  });

  it('never hands out a fleet revision twice, also after kill -9 of PostgreSQL while all is quiet', async () => {
    const deltas = stack.recordDeltas();
    await stack.nats.flush();
    const revisions = () =>
      // What the tests before this one wrote may still be told.
      deltas
        .filter(({ room, sessionId }) => room === 'fleet' && sessionId === 'f-quiet')
        .map(({ to }) => Number(to.split('.')[1]));
    for (let n = 0; n < 5; n++) {
      const message = `f-quiet-${n}`;
      await log.append(root, mainPath('f-quiet'), linesOf(answer('f-quiet', message, n)));
      written.add(message);
      await eventually(() => expect(revisions()).toHaveLength(n + 1));
    }
    await stack.postgresServer.kill();
    await stack.postgresServer.restart();
    await log.append(root, mainPath('f-quiet'), linesOf(answer('f-quiet', 'f-quiet-after', 9)));
    written.add('f-quiet-after');
    await endsExactly();
    await eventually(() => expect(revisions()).toHaveLength(6));
    const handedOut = revisions();
    expect(new Set(handedOut).size).toBe(6);
    expect(handedOut.at(-1)).toBeGreaterThan(Math.max(...handedOut.slice(0, 5)));
  });

  it('starts while PostgreSQL is away, and goes on once it is there', async () => {
    await stack.stopAllIngests();
    await stack.postgresServer.kill();
    const starting = stack.startIngest('one');
    const line = linesOf(answer('f-early', 'f-early-1', 1));
    await log.append(root, mainPath('f-early'), line);
    written.add('f-early-1');
    await stack.postgresServer.restart();
    await starting;
    await endsExactly();
  });

  it('ends cleanly within seconds while both are away, and resumes', async () => {
    await stack.natsServer.kill();
    await stack.postgresServer.kill();
    const began = Date.now();
    const problem = await stack.stopIngest('one').then(
      () => undefined,
      (error: unknown) => error,
    );
    const took = Date.now() - began;
    await Promise.all([stack.natsServer.restart(), stack.postgresServer.restart()]);
    await stack.startIngest('one');
    const line = linesOf(answer('f-last', 'f-last-1', 1));
    await eventually(() => log.append(root, mainPath('f-last'), line), { timeoutMs: 60_000 });
    written.add('f-last-1');
    await endsExactly();
    expect(problem).toBeUndefined();
    expect(took).toBeLessThan(30_000);
  });
});
