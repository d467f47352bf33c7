import 'reflect-metadata';
import { createLogger } from '@telltale/platform';
import { startTestPostgres, type TestPostgres } from '@telltale/platform/testing';
import { DataSource } from 'typeorm';
import { ApiTokenEntity } from './api-token.entity';
import { controlDatabase, migrateControl } from './control-database';
import { Accounts1700000000001 } from './migrations/0001-accounts';
import { UserEntity } from './user.entity';

const logger = createLogger('test', { level: 'error', write: (line) => void process.stderr.write(line) });

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** A schema as the first version left it, with a user in it. */
async function firstVersion(): Promise<string> {
  const url = await postgres.createDatabase();
  const source = new DataSource({ ...controlDatabase(url, logger), migrations: [Accounts1700000000001] });
  await source.initialize();
  try {
    await source.query('create schema if not exists control');
    await source.runMigrations();
    // The entity of today has more columns.
    await source.query(
      `insert into control."user" (username, role, password_hash) values ('ada', 'admin', 'x')`,
    );
  } finally {
    await source.destroy();
  }
  return url;
}

it('takes users of the first version along, and gives them API tokens that go with them', async () => {
  const url = await firstVersion();
  await migrateControl(url, logger);
  await migrateControl(url, logger);
  const source = await new DataSource(controlDatabase(url, logger)).initialize();
  try {
    const users = source.getRepository(UserEntity);
    const tokens = source.getRepository(ApiTokenEntity);
    expect(await users.findOneBy({ username: 'ada' })).toMatchObject({ role: 'admin', tokenVersion: 1 });
    const token = {
      id: 'a',
      tokenHash: 'h',
      name: 'n',
      scopes: ['push'],
      username: 'ada',
      createdAt: new Date(),
    };
    await tokens.insert({ ...token, scopes: ['read', 'push'] });
    expect(await tokens.findOneBy({ id: 'a' })).toMatchObject({
      scopes: ['read', 'push'],
      expiresAt: null,
      lastUsedAt: null,
    });
    await expect(tokens.insert({ ...token, id: 'b', scopes: ['write' as never] })).rejects.toThrow('scopes');
    await expect(tokens.insert({ ...token, id: 'c', scopes: [], username: 'nobody' })).rejects.toThrow(
      'foreign key',
    );
    // Versions go on behind those that were given out by hand, and none comes twice.
    const versions = new Set<number>();
    for (let n = 0; n < 3; n++) {
      await users.insert({ username: 'bob', role: 'viewer', passwordHash: 'x' });
      versions.add((await users.findOneByOrFail({ username: 'bob' })).tokenVersion);
      await users.delete({ username: 'bob' });
    }
    expect(versions.size).toBe(3);
    expect(Math.min(...versions)).toBeGreaterThan(1);
    const shouting = { username: 'ADA', role: 'viewer' as const, passwordHash: 'x' };
    await expect(users.insert(shouting)).rejects.toThrow('user_name_in_any_case');
    await tokens.insert({ ...token, id: 'd', scopes: [], madeBy: 'a' });
    await tokens.delete({ id: 'a' });
    expect(await tokens.count()).toBe(0);
    await tokens.insert({ ...token, scopes: [] });
    await users.delete({ username: 'ada' });
    expect(await tokens.count()).toBe(0);
  } finally {
    await source.destroy();
  }
});
