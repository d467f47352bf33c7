import { partitionCount } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { answer, linesOf, mainPath, root } from './testing/records';

describe('partitions among replicas', () => {
  let stack: IngestStack;
  let log: LogWriter;

  beforeAll(async () => {
    stack = await IngestStack.start();
  });
  beforeEach(async () => {
    await stack.beginAnew();
    log = new LogWriter(stack.nats);
  });
  afterAll(() => stack?.stop());

  const shares = async () => {
    const { rows } = await stack.pool.query<{ owner: string; count: number }>(
      'select owner, count(*)::int from checkpoint where owner is not null and expires_at > now() group by owner',
    );
    return Object.fromEntries(rows.map(({ owner, count }) => [owner, count]));
  };
  const shared = (expected: Record<string, number>) =>
    eventually(async () => expect(await shares()).toEqual(expected), { timeoutMs: 60_000 });

  /** As a replica leaves everything that is killed right after it renewed its leases. They stand until {@link runOut}. */
  async function leaveBehind(owner: string, partitions: number): Promise<void> {
    await stack.pool.query(
      'insert into ingest_replica (owner, seen_at) values ($1, now()) on conflict (owner) do update set seen_at = now()',
      [owner],
    );
    await stack.pool.query(
      `update checkpoint set owner = $1, epoch = epoch + 1, expires_at = now() + interval '1 hour' where partition < $2`,
      [owner, partitions],
    );
  }
  const runOut = (owner: string) =>
    stack.pool.query("update checkpoint set expires_at = now() - interval '1 second' where owner = $1", [
      owner,
    ]);

  /** One answer in each of many sessions, so that every partition has some. */
  async function writeEverywhere(round: number): Promise<void> {
    for (let n = 0; n < 48; n++)
      await log.append(root, mainPath(`l-${n}`), linesOf(answer(`l-${n}`, `l-${n}-${round}`, round)));
  }
  const messages = async () => {
    const { rows } = await stack.pool.query<{ sum: number }>(
      'select coalesce(sum(messages), 0)::int as sum from rollup',
    );
    return rows[0]?.sum;
  };

  it('shares them fairly among two and three, and takes back what one leaves', async () => {
    await stack.startIngest('one');
    await shared({ one: 16 });
    await stack.startIngest('two');
    await shared({ one: 8, two: 8 });
    await stack.startIngest('three');
    await eventually(async () => {
      const counts = Object.values(await shares());
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(partitionCount);
      expect(counts).toHaveLength(3);
      expect(Math.max(...counts)).toBeLessThanOrEqual(6);
    });
    await writeEverywhere(1);
    // SIGTERM: handed over at once, long before any lease would run out.
    await Promise.all([stack.stopIngest('two'), stack.stopIngest('three')]);
    const { rows } = await stack.pool.query("select 1 from checkpoint where owner in ('two', 'three')");
    expect(rows).toEqual([]);
    await shared({ one: 16 });
    await writeEverywhere(2);
    await stack.caughtUp();
    expect(await messages()).toBe(96);
  });

  it('takes over what a killed replica held, once its leases ran out', async () => {
    await leaveBehind('dead', 9);
    await stack.startIngest('one');
    await writeEverywhere(1);
    expect((await shares())['dead']).toBe(9);
    await runOut('dead');
    await shared({ one: 16 });
    await stack.caughtUp();
    expect(await messages()).toBe(48);
  });

  it('resumes at once where a replica of the same name was killed', async () => {
    await leaveBehind('one', 16);
    await stack.startIngest('one');
    await writeEverywhere(1);
    await stack.caughtUp();
  });

  it('lets no frozen owner commit, and lets it come back', async () => {
    await stack.startIngest('one');
    await writeEverywhere(1);
    await stack.caughtUp();
    // Meanwhile another took everything, without a word to the one that was frozen.
    await leaveBehind('other', 16);
    const before = await stack.pool.query('select partition, sequence from checkpoint order by partition');
    await writeEverywhere(2);
    expect(await messages()).toBe(48);
    const after = await stack.pool.query('select partition, sequence from checkpoint order by partition');
    expect(after.rows).toEqual(before.rows);
    await runOut('other');
    await shared({ one: 16 });
    await stack.caughtUp();
    expect(await messages()).toBe(96);
  });

  it('closes right after it started, and twice in a row', async () => {
    for (let n = 0; n < 4; n++) {
      await stack.startIngest('one');
      await stack.stopIngest('one');
    }
    expect(await shares()).toEqual({});
    await stack.startIngest('one');
    await writeEverywhere(1);
    await stack.caughtUp();
  });
});
