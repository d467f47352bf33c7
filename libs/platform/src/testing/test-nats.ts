import { join } from 'node:path';
import { startEmbeddedNats } from '../embedded/nats';
import type { NatsUser } from '../embedded/nats-config';
import { restartable, type TestServer } from './restartable-server';
import { temporaryFolder } from './temporary-folder';

export type TestNats = TestServer;

/** A real nats-server with JetStream, a folder and a port of its own. Its URL's user may do everything. */
export async function startTestNats({
  furtherUsers = [],
}: { furtherUsers?: readonly NatsUser[] } = {}): Promise<TestNats> {
  const folder = await temporaryFolder();
  return restartable(folder, (port) =>
    startEmbeddedNats({
      dataDir: join(folder.path, 'nats'),
      user: 'test',
      password: 'test-password',
      furtherUsers,
      ...(port === undefined ? {} : { port }),
    }),
  );
}
