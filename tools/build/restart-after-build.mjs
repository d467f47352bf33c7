import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The development servers' state lies apart from that of a Telltale in use. */
const home = process.env['TELLTALE_HOME'] || join(homedir(), '.telltale-dev');

/**
 * An esbuild plugin for watch mode: after each good build the service is ended in order and started again.
 *
 * @param {string} app
 * @returns {import('esbuild').Plugin}
 */
export function restartAfterBuild(app) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let service;
  let generation = 0;

  async function restart() {
    const mine = ++generation;
    await end(service);
    const env = await serverEnvironment(app, () => mine !== generation);
    if (mine !== generation) return;
    const migrate = `dist/apps/${app}/migrate.mjs`;
    if (existsSync(migrate) && (await run(migrate, env)) !== 0)
      return console.error(`${app}: migration failed; waiting for a change`);
    if (mine !== generation) return;
    service = start(`dist/apps/${app}/main.mjs`, env);
    service.once('exit', (code, signal) => {
      if (signal !== 'SIGTERM' && code !== 0)
        console.error(`${app}: ended (${signal ?? `exit code ${code}`}); waiting for a change`);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      await end(service);
      process.exit(0);
    });
  }
  return {
    name: 'restart-after-build',
    setup(build) {
      build.onEnd(({ errors }) => {
        if (errors.length === 0) void restart();
      });
    },
  };
}

/** Where NATS and PostgreSQL are: the environment says so, else the running `nx serve tools`. */
async function serverEnvironment(app, cancelled) {
  const file = join(home, 'run.json');
  for (let told = false; !cancelled(); told = true) {
    if (process.env['NATS_URL'] && process.env['DATABASE_URL']) return process.env;
    const run = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
    if (run && isAlive(run.pid) && run.environment) return { ...process.env, ...run.environment[app] };
    if (!told) console.log(`${app}: waiting for the servers (nx serve tools, or NATS_URL and DATABASE_URL)`);
    await new Promise((done) => setTimeout(done, 300));
  }
  return process.env;
}

function start(file, env) {
  return spawn(process.execPath, ['--enable-source-maps', file], { stdio: 'inherit', env });
}

function run(file, env) {
  return new Promise((done) => start(file, env).once('exit', (code) => done(code ?? 1)));
}

async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
