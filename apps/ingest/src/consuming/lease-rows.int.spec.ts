import { partitionCount } from '@telltale/contracts';
import { startTestPostgres, type TestPostgres } from '@telltale/platform/testing';
import { DataSource } from 'typeorm';
import { readModelOptions } from '../database/data-source';
import { CheckpointEntity } from '../database/entities/checkpoint.entity';
import { ClockLeaseEntity } from '../database/entities/clock-lease.entity';
import { FileStateEntity } from '../database/entities/file-state.entity';
import { IngestReplicaEntity } from '../database/entities/ingest-replica.entity';
import { QuarantinedRecordEntity } from '../database/entities/quarantined-record.entity';
import { migrateReadModel } from '../database/migrate-read-model';
import { ClockLease } from '../projecting/clock-lease';
import { Leases } from './leases';

describe('rows of leases', () => {
  let postgres: TestPostgres;
  let database: DataSource;
  let one: Leases;
  let two: Leases;

  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  beforeEach(async () => {
    const url = await postgres.createDatabase();
    await migrateReadModel(url);
    database = await new DataSource(readModelOptions({ url, applicationName: 'test', max: 4 })).initialize();
    [one, two] = [new Leases(database, 'one'), new Leases(database, 'two')];
  });
  afterEach(() => database.destroy());
  afterAll(() => postgres?.stop());

  const partitionsOf = (held: readonly { readonly partition: number }[]) =>
    held.map(({ partition }) => partition).sort((a, b) => a - b);
  const all = Array.from({ length: partitionCount }, (_, partition) => partition);
  const expire = (owner: string) =>
    database
      .createQueryBuilder()
      .update(CheckpointEntity)
      .set({ expiresAt: () => "now() - interval '1 second'" })
      .where({ owner })
      .execute();

  it('gives each partition to one of two that ask at the same time', async () => {
    const [first, second] = await Promise.all([one.acquire(9, []), two.acquire(9, [])]);
    expect(new Set([...first, ...second].map(({ partition }) => partition)).size).toBe(
      first.length + second.length,
    );
    await one.acquire(partitionCount, partitionsOf(first));
    await two.acquire(partitionCount, partitionsOf(second));
    const owners = await database.getRepository(CheckpointEntity).find({ select: { owner: true } });
    expect(owners.every(({ owner }) => owner === 'one' || owner === 'two')).toBe(true);
  });

  it('takes no more than it is asked to, none it holds, and its own before those that are free', async () => {
    expect(await one.acquire(0, [])).toEqual([]);
    await one.acquire(4, [0, 1, 2]);
    expect(partitionsOf(await one.acquire(2, [3, 4]))).toEqual([5, 6]);
    expect(partitionsOf(await one.acquire(partitionCount, all.slice(2)))).toEqual([0, 1]);
  });

  it('raises the epoch each time it is taken, and leaves the checkpoint where it is', async () => {
    await database
      .getRepository(CheckpointEntity)
      .update({ partition: 3 }, { sequence: 2 ** 40, factId: 'f' });
    const others = all.filter((partition) => partition !== 3);
    expect(await one.acquire(1, others)).toEqual([
      { partition: 3, epoch: 1, sequence: 2 ** 40, factId: 'f' },
    ]);
    expect(await two.acquire(1, others)).toEqual([]);
    await expire('one');
    expect(await two.acquire(1, others)).toEqual([
      { partition: 3, epoch: 2, sequence: 2 ** 40, factId: 'f' },
    ]);
  });

  it('renews and releases only what is still its own', async () => {
    const held = await one.acquire(3, []);
    await expire('one');
    const [taken] = await two.acquire(1, []);
    expect(taken?.partition).toBe(0);
    expect([...(await one.renew(held))].sort()).toEqual([1, 2]);
    expect(await two.acquire(partitionCount, [0, ...all.slice(3)])).toEqual([]);
    await one.release(held);
    const rows = await database.getRepository(CheckpointEntity).find({ order: { partition: 'ASC' } });
    expect(rows.map(({ owner }) => owner).slice(0, 3)).toEqual(['two', null, null]);
    expect(await one.renew([])).toEqual(new Set());
    await one.release([]);
    expect((await two.renew(taken ? [taken] : [])).size).toBe(1);
  });

  it('shares by who was seen of late, and forgets who is long gone', async () => {
    const replicas = database.getRepository(IngestReplicaEntity);
    const seen = (owner: string, ago: string) =>
      replicas
        .createQueryBuilder()
        .insert()
        .values({ owner, seenAt: () => `now() - interval '${ago}'` })
        .execute();
    expect(await one.announce(16)).toBe(16);
    expect(await two.announce(16)).toBe(8);
    await seen('frozen', '30 seconds');
    await seen('gone', '2 minutes');
    expect(await one.announce(16)).toBe(8);
    expect((await replicas.find({ order: { owner: 'ASC' } })).map(({ owner }) => owner)).toEqual([
      'frozen',
      'one',
      'two',
    ]);
    await two.leave();
    expect(await one.announce(16)).toBe(16);
  });

  it('restarts a partition with its files and their quarantine, or nothing where the lease was lost', async () => {
    const files = database.getRepository(FileStateEntity);
    const quarantine = database.getRepository(QuarantinedRecordEntity);
    const place = { source: 'claude-code', host: 'h', path: '/p' };
    const read = { root: '/', generation: 'g', offset: 5, decoderVersion: 1, state: {} };
    for (const partition of [0, 1]) {
      const file = `f-${partition}`;
      await files.insert({ file, partition, ...place, ...read, partSequence: 4, lastSequence: 7 });
      await quarantine.insert({ sequence: 7 + partition, line: 0, file, ...place, reason: 'r', excerpt: '' });
    }
    await database.getRepository(CheckpointEntity).update({ partition: 0 }, { sequence: 9, factId: 'nine' });
    const [held] = await one.acquire(1, []);
    const before = await files.find({ order: { file: 'ASC' } });
    const lost = { ...held!, epoch: held!.epoch - 1 };
    await expect(one.restart(lost)).rejects.toThrow('the lease of partition 0 was lost');
    expect(lost).toMatchObject({ sequence: 9, factId: 'nine' });
    expect(await files.find({ order: { file: 'ASC' } })).toEqual(before);
    expect(await quarantine.count()).toBe(2);

    await one.restart(held!);
    expect(held).toMatchObject({ sequence: 0, factId: null });
    expect(await database.getRepository(CheckpointEntity).findOneBy({ partition: 0 })).toMatchObject({
      sequence: 0,
      factId: null,
      owner: 'one',
      epoch: held?.epoch,
    });
    const [restarted, untouched] = await files.find({ order: { file: 'ASC' } });
    expect(restarted).toMatchObject({ generation: '', partSequence: null, lastSequence: 0, offset: 5 });
    expect(untouched).toEqual(before[1]);
    expect((await quarantine.find()).map(({ file }) => file)).toEqual(['f-1']);
  });

  it('gives the clock to one replica, until its lease ran out', async () => {
    const [mine, theirs] = [new ClockLease(database, 'one'), new ClockLease(database, 'two')];
    const held = await Promise.all([mine.hold(), theirs.hold()]);
    expect(held.filter(Boolean)).toHaveLength(1);
    const [holder, other] = held[0] ? [mine, theirs] : [theirs, mine];
    expect(await holder.hold()).toBe(true);
    expect(await other.hold()).toBe(false);
    await database
      .createQueryBuilder()
      .update(ClockLeaseEntity)
      .set({ expiresAt: () => "now() - interval '1 second'" })
      .execute();
    expect(await other.hold()).toBe(true);
    expect(await holder.hold()).toBe(false);
  });
});
