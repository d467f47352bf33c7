// npm start: PostgreSQL and NATS on this machine, the three services, and the page they serve. See supervisor.ts.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, ServerStartError } from '@telltale/platform';
import { readArguments } from './arguments';
import { endOnSignals } from './end-on-signals';
import { StartFailure } from './failure';
import { readSettings } from './settings';
import { Supervisor } from './supervisor';
import { Terminal } from './terminal';

// The terminal may be gone before we are.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

function fail(error: unknown): void {
  const expected =
    error instanceof StartFailure || error instanceof ConfigurationError || error instanceof ServerStartError;
  const text = error instanceof Error ? (expected ? error.message : error.stack) : String(error);
  process.stderr.write(`\n✗ ${text ?? ''}\n`);
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  const settings = readSettings(process.env, args.serversOnly);
  const terminal = new Terminal();
  const dist = dirname(dirname(fileURLToPath(import.meta.url)));
  const supervisor = new Supervisor({ args, settings, env: process.env, dist, terminal });
  const told = endOnSignals(supervisor, terminal);
  try {
    await supervisor.start();
  } catch (error) {
    if (!told.aborted) fail(error);
    // Once all children have ended nothing keeps us alive: also an end before the last word is a failure.
    if (!told.aborted) process.exitCode = 1;
    await supervisor.stop();
    return told.aborted ? 0 : 1;
  }
  await new Promise((done) => (told.aborted ? done(undefined) : told.addEventListener('abort', done)));
  await supervisor.stop();
  terminal.line('Telltale has ended.');
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    fail(error);
    process.exit(1);
  },
);
