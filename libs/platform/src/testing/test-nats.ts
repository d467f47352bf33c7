import { join } from 'node:path';
import { startEmbeddedNats } from '../embedded/nats';
import type { NatsUser } from '../embedded/nats-config';
import { serviceUsers, type ServicePasswords } from '../nats/service-users';
import { restartable, type TestServer } from './restartable-server';
import { temporaryFolder } from './temporary-folder';

export interface TestNats extends TestServer {
  /** The URL of a user with the rights of that service, as where Telltale starts the server itself. */
  as(service: keyof typeof passwords): string;
}

const passwords = { ingest: 'ingest', gateway: 'gateway', reader: 'reader' };

export interface TestNatsOptions {
  readonly watchers?: ServicePasswords['watchers'];
  /** In the services' account. */
  readonly furtherUsers?: readonly NatsUser[];
}

/** A real nats-server with JetStream, a folder and a port of its own. Its URL's user may do everything. */
export async function startTestNats({
  watchers = [],
  furtherUsers = [],
}: TestNatsOptions = {}): Promise<TestNats> {
  const folder = await temporaryFolder();
  const { users, accounts } = serviceUsers({ ...passwords, watchers });
  const server = await restartable(folder, (port) =>
    startEmbeddedNats({
      dataDir: join(folder.path, 'nats'),
      user: 'test',
      password: 'test-password',
      furtherUsers: [...users, ...furtherUsers],
      accounts,
      ...(port === undefined ? {} : { port }),
    }),
  );
  return {
    ...server,
    as: (service) => server.url.replace(/\/\/[^@]*@/, `//${service}:${service}@`),
  };
}
