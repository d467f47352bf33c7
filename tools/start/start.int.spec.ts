import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { commandLine, isAlive } from '@telltale/platform';
import {
  eventually,
  startTestNats,
  startTestPostgres,
  temporaryFolder,
  type TemporaryFolder,
} from '@telltale/platform/testing';
import { readRunFile } from './run-file';
import { StartProcess } from './testing/start-process';
import { changedCopy, writeStandIns } from './testing/stand-ins';

/** Below the project, so that Node finds the packages. */
const built = resolve('dist', `spec-${process.pid}`);
let folder: TemporaryFolder;
let home: string;
let started: StartProcess[];

beforeAll(() => {
  execFileSync(process.execPath, ['tools/build/tools.mjs', join(built, 'tools')], { stdio: 'inherit' });
  writeStandIns(built);
});
afterAll(() => rmSync(built, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await temporaryFolder();
  home = join(folder.path, 'home');
  started = [];
});
afterEach(async () => {
  for (const process of started) if (process.exitCode === null) await process.end();
  await folder.remove();
});

function start(env: Readonly<Record<string, string>> = {}, dist = built): StartProcess {
  const process = StartProcess.run(dist, { TELLTALE_HOME: home, ...env });
  started.push(process);
  return process;
}

/** All processes that belong to this home, ours and the servers'. */
function processesOf(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) => pid !== process.pid && (commandLine(pid)?.includes(path) || environmentOf(pid).includes(path)),
    );
}
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // gone, or somebody else's
  }
}
const serverPid = (file: string) => Number.parseInt(readFileSync(join(home, file), 'utf8'), 10);

describe('npm start', () => {
  it('starts all, tells where it is, resumes from its state, and leaves no process', async () => {
    const first = start({ TELLTALE_ADMIN_PASSWORD: 'hunter2-hunter2' });
    const said = await first.says('Backfill done');
    expect(said).toMatch(
      /✓ PostgreSQL[^]*✓ NATS[^]*✓ Database schema[^]*✓ Services[^]*Telltale is ready: http:\/\/127\.0\.0\.1:\d+/,
    );
    expect(said).toContain('/sign-in#token=secret-link');
    expect(said).toMatch(/nats sub 'telltale\.live\.>' --server nats:\/\/reader:\S+@127\.0\.0\.1:\d+/);
    expect(said).toContain('✓ Backfill done: 7 files, 3 MB in');
    expect((await first.answer()).runs).toBe(1);
    const processes = processesOf(home);
    expect(processes.length).toBeGreaterThanOrEqual(6);
    expect(await first.end()).toBe(0);
    expect(first.output).toContain('Telltale has ended.');
    expect(processes.filter(isAlive)).toEqual([]);
    expect(existsSync(join(home, 'run.json'))).toBe(false);
    const second = start();
    await second.says('Telltale is ready');
    expect((await second.answer()).runs).toBe(2);
  });

  it('gives each service what it needs, and tells no secret to a log', async () => {
    const run = start({ TELLTALE_ADMIN_PASSWORD: 'hunter2-hunter2' });
    await run.says('Telltale is ready');
    // Nobody waits for the watcher: it may come up after all else is ready.
    await run.says('! watcher: environment (keys=NATS_URL)');
    await run.says('! ingest: environment (keys=NATS_URL,DATABASE_URL)');
    const secrets = Object.values(
      JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as Record<string, string>,
    );
    const logs = readdirSync(join(home, 'logs')).map((name) =>
      readFileSync(join(home, 'logs', name), 'utf8'),
    );
    for (const secret of [...secrets, 'hunter2-hunter2', 'secret-link'])
      expect(logs.join()).not.toContain(secret);
    for (const name of ['run.json', 'secrets.json', 'lock', 'logs/ingest.log'])
      expect(statSync(join(home, name)).mode & 0o077).toBe(0);
    expect(readRunFile(home)).toMatchObject({ pid: run.pid, url: run.url() });
  });

  it('brings back whatever dies, on the same ports, and says so', async () => {
    const run = start();
    await run.says('Telltale is ready');
    const before = await run.answer();
    const back = () => eventually(() => run.answer(), { timeoutMs: 60_000 });
    process.kill(before.ingest, 'SIGKILL');
    await run.says(/ingest was ended by SIGKILL; starting it again in [\d.]+ s/);
    expect((await back()).ingest).not.toBe(before.ingest);
    process.kill(serverPid('nats/nats-server.pid'), 'SIGKILL');
    await run.says('NATS was ended by SIGKILL');
    await back();
    process.kill(serverPid('postgres/postmaster.pid'), 'SIGKILL');
    await run.says('PostgreSQL was ended by SIGKILL');
    await back();
    process.kill(before.gateway, 'SIGKILL');
    await run.says('gateway was ended by SIGKILL');
    const after = await back();
    expect(after).toMatchObject({ runs: 1 });
    expect(after.gateway).not.toBe(before.gateway);
  });

  it('leaves nothing behind when it is itself killed, and goes on from there', async () => {
    const killed = start();
    await killed.says('Telltale is ready');
    const processes = processesOf(home);
    killed.signal('SIGKILL');
    await eventually(() => expect(processes.filter((pid) => commandLine(pid) !== undefined)).toEqual([]), {
      timeoutMs: 60_000,
    });
    expect(existsSync(join(home, 'lock'))).toBe(true);
    const again = start();
    await again.says('The last run did not end in order; going on from its state.');
    await again.says('Telltale is ready');
    expect((await again.answer()).runs).toBe(2);
  });

  it('ends a server that is still there from a run whose guards were killed too', async () => {
    const killed = start();
    await killed.says('Telltale is ready');
    const servers = [serverPid('nats/nats-server.pid'), serverPid('postgres/postmaster.pid')];
    for (const pid of processesOf(home))
      if (commandLine(pid)?.includes('telltale-guard')) process.kill(pid, 'SIGKILL');
    const guards = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(killed.pid)], {
      encoding: 'utf8',
    });
    for (const line of guards.split('\n').filter((text) => text.includes('telltale-guard')))
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    killed.signal('SIGKILL');
    await killed.ended;
    expect(servers.filter((pid) => commandLine(pid) !== undefined)).toEqual(servers);
    const again = start();
    await again.says('Telltale is ready');
    expect(servers.filter((pid) => commandLine(pid) !== undefined)).toEqual([]);
  });

  it('runs once a home, and beside another home', async () => {
    const first = start();
    await first.says('Telltale is ready');
    const second = start();
    await second.ended;
    expect(second.exitCode).toBe(1);
    expect(second.output).toContain(`Telltale is already running at ${first.url()} (process ${first.pid})`);
    const beside = start({ TELLTALE_HOME: join(folder.path, 'other') });
    await beside.says('Telltale is ready');
    expect(beside.url()).not.toBe(first.url());
    expect((await first.answer()).runs).toBe(1);
    expect((await beside.answer()).runs).toBe(1);
  });

  it('uses the servers it is told to, and starts none of its own', async () => {
    const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
    const run = start({ NATS_URL: nats.url, DATABASE_URL: await postgres.createDatabase() });
    await run.says('Telltale is ready');
    expect(run.output).not.toMatch(/✓ (PostgreSQL|NATS)|nats sub/);
    expect(existsSync(join(home, 'nats'))).toBe(false);
    expect((await run.answer()).runs).toBe(1);
    expect(await run.end()).toBe(0);
    expect(isAlive(nats.pid())).toBe(true);
    await Promise.all([nats.stop(), postgres.stop()]);
  });
});

describe('npm start can be ended while it starts', () => {
  /** Another build, whose program does that. */
  function changed(path: string, code: string): string {
    const dist = `${built}-changed`;
    rmSync(dist, { recursive: true, force: true });
    changedCopy(built, dist, path, code);
    return dist;
  }
  afterEach(() => rmSync(`${built}-changed`, { recursive: true, force: true }));

  async function endsQuietly(run: StartProcess): Promise<void> {
    const code = await run.end();
    expect({ code, output: run.output }).toEqual({ code: 0, output: expect.stringMatching(/\nEnding …\n$/) });
    expect(processesOf(home)).toEqual([]);
    expect(existsSync(join(home, 'lock')) || existsSync(join(home, 'run.json'))).toBe(false);
  }

  /** However late the signal comes, it still starts. */
  const neverReady = () => changed('apps/gateway/main.mjs', 'setInterval(() => undefined, 1000);');

  it('at its very first moments', async () => {
    const run = start({}, neverReady());
    await eventually(() => expect(existsSync(join(home, 'lock'))).toBe(true), {
      timeoutMs: 60_000,
      everyMs: 1,
    });
    await endsQuietly(run);
  });

  it.each(['✓ PostgreSQL', '✓ NATS', '✓ Database schema'])('after it said %s', async (text) => {
    const run = start({}, neverReady());
    await run.says(text);
    await endsQuietly(run);
  });

  it('while a program of it would go on for ever', async () => {
    const run = start(
      {},
      changed('apps/ingest/migrate.mjs', "console.log('under way'); setInterval(() => undefined, 1000);"),
    );
    const log = join(home, 'logs', 'start.log');
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain('under way'), { timeoutMs: 60_000 });
    await endsQuietly(run);
  });

  it('and keeps its home until the last of it has ended', async () => {
    const slow = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 3000));
      console.log('under way'); setInterval(() => undefined, 1000);`;
    const run = start({}, changed('apps/ingest/migrate.mjs', slow));
    const log = join(home, 'logs', 'start.log');
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain('under way'), { timeoutMs: 60_000 });
    run.signal('SIGTERM');
    await eventually(() => expect(existsSync(join(home, 'lock'))).toBe(false), { timeoutMs: 60_000 });
    expect(processesOf(home).filter((pid) => pid !== run.pid)).toEqual([]);
    await run.ended;
    expect(run.exitCode).toBe(0);
  });
});

describe('npm start says clearly', () => {
  let taken: Server | undefined;
  afterEach(() => taken?.close());

  it('that the port is taken, by whom, and what to do', async () => {
    taken = createServer();
    await new Promise<void>((done) => taken?.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    const run = start({ TELLTALE_PORT: String(port) });
    await run.ended;
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain(`Port ${port} on 127.0.0.1 cannot be had: process ${process.pid} `);
    expect(run.output).toContain(`TELLTALE_PORT=${port + 1} npm start`);
    expect(processesOf(home)).toEqual([]);
  });

  it('that the home cannot be written', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const run = start({ TELLTALE_HOME: join(folder.path, 'file', 'home') });
    await run.ended;
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('Set TELLTALE_HOME to a folder that you may write to');
  });

  it('that a migration failed, with its words, and leaves nothing running', async () => {
    const broken = `${built}-migration`;
    changedCopy(
      built,
      broken,
      'apps/gateway/migrate.mjs',
      "console.error('column missing'); process.exitCode = 3;",
    );
    const run = start({}, broken);
    await run.ended;
    rmSync(broken, { recursive: true });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('gateway migration ended (exit code 3).\ncolumn missing');
    expect(processesOf(home)).toEqual([]);
  });

  it('what is wrong with a setting', async () => {
    const run = start({ TELLTALE_PORT: 'eighty' });
    await run.ended;
    expect(run.exitCode).toBe(1);
    expect(run.output).toBe(
      '\n✗ TELLTALE_PORT is "eighty" (not a number). Set it to a port from 0 to 65535.\n',
    );
  });

  it('where PostgreSQL’s data is when its user may not pass the home', async () => {
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o700);
    const run = start();
    await run.says('Telltale is ready');
    // Our own folder is opened for passing through, so that the data can lie in it.
    expect(existsSync(join(home, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(statSync(home).mode & 0o044).toBe(0);
  });
});
