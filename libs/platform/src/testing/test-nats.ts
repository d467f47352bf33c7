import { join } from 'node:path';
import { startEmbeddedNats } from '../embedded/nats';
import type { NatsUser } from '../embedded/nats-config';
import { gatewayPermissions, ingestPermissions, readerPermissions } from '../nats/permissions';
import { restartable, type TestServer } from './restartable-server';
import { temporaryFolder } from './temporary-folder';

export interface TestNats extends TestServer {
  /** The URL of a user with the rights of that service, as where Telltale starts the server itself. */
  as(service: keyof typeof services): string;
}

const services = { ingest: ingestPermissions, gateway: gatewayPermissions, reader: readerPermissions };

/** A real nats-server with JetStream, a folder and a port of its own. Its URL's user may do everything. */
export async function startTestNats({
  furtherUsers = [],
}: { furtherUsers?: readonly NatsUser[] } = {}): Promise<TestNats> {
  const folder = await temporaryFolder();
  const users = Object.entries(services).map(([user, permissions]) => ({
    user,
    password: user,
    permissions,
  }));
  const server = await restartable(folder, (port) =>
    startEmbeddedNats({
      dataDir: join(folder.path, 'nats'),
      user: 'test',
      password: 'test-password',
      furtherUsers: [...users, ...furtherUsers],
      ...(port === undefined ? {} : { port }),
    }),
  );
  return {
    ...server,
    as: (service) => server.url.replace(/\/\/[^@]*@/, `//${service}:${service}@`),
  };
}
