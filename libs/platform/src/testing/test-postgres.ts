import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded/postgres';
import { ensureServiceRoles, type ServiceRole } from '../postgres/service-roles';
import { withConnection } from '../postgres/with-connection';
import { restartable, type TestServer } from './restartable-server';
import { temporaryFolder } from './temporary-folder';

export interface TestPostgres extends TestServer {
  /** A new empty database; gives its URL, whose user may do everything. */
  createDatabase(): Promise<string>;
  /** Its URLs for the services, with the rights they have where Telltale starts the server itself. */
  rolesOf(databaseUrl: string): Promise<Record<ServiceRole, string>>;
}

/** Quick rather than safe against a power cut; a kill -9 of the server still loses nothing. */
const settings = { fsync: 'off', full_page_writes: 'off', shared_buffers: '64MB', max_wal_size: '256MB' };

/** A real PostgreSQL server, a folder and a port of its own. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await temporaryFolder();
  const server = await restartable(folder, (port) =>
    startEmbeddedPostgres({
      dataDir: join(folder.path, 'postgres'),
      settings,
      ...(port === undefined ? {} : { port }),
    }),
  );
  return {
    ...server,
    createDatabase: async () => {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await withConnection(server.url, (client) => client.query(`CREATE DATABASE ${name}`));
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    rolesOf: (url) => ensureServiceRoles(url, { ingest: 'ingest', gateway: 'gateway' }),
  };
}
