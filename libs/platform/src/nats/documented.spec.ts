import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsConfig } from '../embedded/nats-config';
import { serviceUsers } from './service-users';

const file = join(__dirname, '../../../../docs/nats-server.conf');

it('docs show the accounts that the embedded server has, for two hosts', () => {
  const { users, accounts } = serviceUsers({
    ingest: 'INGEST',
    gateway: 'GATEWAY',
    reader: 'READER',
    watchers: [
      { host: 'alpha', user: 'watcher-alpha', password: 'ALPHA' },
      { host: 'beta.local', user: 'watcher-beta', password: 'BETA' },
    ],
  });
  const made = natsConfig({
    host: '0.0.0.0',
    port: 4222,
    dataDir: '/var/lib/nats',
    pidFile: '/run/nats/nats-server.pid',
    users: [{ user: 'operator', password: 'OPERATOR' }, ...users],
    accounts,
  });
  const text = made.replace(
    /^# .*\n/,
    '# See nats.md. The words in capital letters are passwords: choose your own.\n',
  );
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : 'missing: run with UPDATE_GOLDEN=1').toBe(text);
});
