import { startTestPostgres, type TestPostgres } from '@telltale/platform/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { readModelOptions } from './data-source';
import { entities } from './entities/entities';
import { QuarantinedRecordEntity } from './entities/quarantined-record.entity';
import { migrateReadModel } from './migrate-read-model';

/** A table that no migration makes: another name and type of a column. */
@Entity({ name: 'ingest_replica' })
class Deviating {
  @PrimaryColumn({ type: 'text' })
  owner!: string;

  @Column({ type: 'bigint', name: 'last_seen' })
  lastSeen!: number;
}

describe('entities of the read model', () => {
  let postgres: TestPostgres;
  let url: string;
  const opened: DataSource[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
    url = await postgres.createDatabase();
    await migrateReadModel(url);
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.destroy()));
    await postgres?.stop();
  });

  async function open(changes: { readonly entities?: (typeof Deviating)[] } = {}): Promise<DataSource> {
    const options = readModelOptions({ url, applicationName: 'test', max: 2 });
    const database = await new DataSource({ ...options, ...changes }).initialize();
    opened.push(database);
    return database;
  }
  /** What would have to be done for the tables to be as the entities say. */
  const missing = async (database: DataSource) =>
    (await database.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  it('are the tables that the migrations make', async () => {
    const database = await open();
    expect(database.entityMetadatas.map(({ tableName }) => tableName).sort()).toEqual([
      'checkpoint',
      'clock_lease',
      'file_state',
      'ingest_replica',
      'quarantine',
    ]);
    expect(entities).toHaveLength(5);
    expect(await missing(database)).toEqual([]);
  });

  it('would be told apart from tables of another form', async () => {
    expect(await missing(await open({ entities: [Deviating] }))).toEqual([
      'ALTER TABLE "ingest_replica" RENAME COLUMN "seen_at" TO "last_seen"',
      'ALTER TABLE "ingest_replica" DROP COLUMN "last_seen"',
      'ALTER TABLE "ingest_replica" ADD "last_seen" bigint NOT NULL',
    ]);
  });

  it('are found by search_path, and give whole numbers', async () => {
    const records = (await open()).getRepository(QuarantinedRecordEntity);
    expect(records.createQueryBuilder('r').getQuery()).toContain('FROM "quarantine" "r"');
    const record = {
      sequence: 2 ** 40,
      line: 3,
      file: 'claude-code.h.f',
      source: 'claude-code',
      host: 'h',
      path: '/p',
      reason: 'not JSON',
      excerpt: '{',
    };
    await records.insert(record);
    expect(await records.findOneByOrFail({ file: record.file })).toEqual({
      ...record,
      at: expect.any(Date),
    });
  });

  it('need no migration run twice', async () => {
    expect(await migrateReadModel(url)).toEqual([]);
  });
});
