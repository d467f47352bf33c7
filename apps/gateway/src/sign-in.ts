import { createLogger } from '@telltale/platform';
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ensureAdmin } from './accounts/first-admin';
import { createSignInLink } from './accounts/sign-in-links';
import { publicBase, readConfig } from './config';
import { controlDatabase } from './database/control-database';

// Prints one line: a fresh one-time sign-in link for the first administrator. Logs go to standard error.
const logger = createLogger('gateway-sign-in', { write: (line) => void process.stderr.write(line) });
try {
  const config = readConfig({ NATS_URL: 'nats://127.0.0.1', ...process.env });
  const database = await new DataSource(controlDatabase(config.databaseUrl, logger)).initialize();
  try {
    const username = await ensureAdmin(database, config.adminPassword);
    process.stdout.write(`${await createSignInLink(database, username, publicBase(config))}\n`);
  } finally {
    await database.destroy();
  }
} catch (error) {
  logger.error('no sign-in link could be made', { error });
  process.exitCode = 1;
}
