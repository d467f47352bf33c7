import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@telltale/platform';
import { temporaryFolder, type TemporaryFolder } from '@telltale/platform/testing';
import fc from 'fast-check';
import { readArguments } from './arguments';
import { Backoff } from './backoff';
import { BackfillProgress } from './backfill-progress';
import { openHome } from './home';
import { lockHome } from './home-lock';
import { LogFile } from './log-file';
import { terminalLine } from './log-line';
import { listeningSockets } from './port-owner';
import { openSecrets } from './secrets';
import { inherited, serviceEnvironments } from './service-environment';
import { readSettings } from './settings';
import { Terminal } from './terminal';

describe('readArguments', () => {
  it('knows --demo and says what it does not know', () => {
    expect(readArguments(['--demo'])).toEqual({ demo: true, serversOnly: false });
    expect(() => readArguments(['--dmeo'])).toThrow(
      '"--dmeo" means nothing here. Usage: npm start [-- --demo]',
    );
  });
});

describe('readSettings', () => {
  it('keeps development apart from use', () => {
    expect(readSettings({}, false).home).toMatch(/\/\.telltale$/);
    expect(readSettings({}, true).home).toMatch(/\/\.telltale-dev$/);
    expect(readSettings({ TELLTALE_HOME: '/x' }, true).home).toBe('/x');
  });

  it('names the variable at fault', () => {
    expect(() => readSettings({ TELLTALE_PORT: 'many', NATS_URL: 'x' }, false)).toThrow(ConfigurationError);
    expect(() => readSettings({ TELLTALE_PORT: 'many' }, false)).toThrow(/TELLTALE_PORT is "many"/);
  });
});

describe('Backoff', () => {
  it('doubles from 100 ms to 10 s, and begins afresh after a minute up', () => {
    const backoff = new Backoff();
    expect([0, 0, 0, 0, 0, 0, 0, 0].map((up) => backoff.next(up))).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 10_000,
    ]);
    expect(backoff.next(59_999)).toBe(10_000);
    expect(backoff.next(60_000)).toBe(100);
  });

  it('always waits, and never longer than 10 s', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 2000 }), (ups) => {
        const backoff = new Backoff();
        return ups.map((up) => backoff.next(up)).every((ms) => ms >= 100 && ms <= 10_000);
      }),
    );
  });
});

describe('BackfillProgress', () => {
  const beat = (totalBytes: number, doneBytes: number, done = false) => ({
    files: 1234,
    backfill: { totalBytes, doneBytes, done },
  });

  it('tells how far it is, then once that it is done', () => {
    const progress = new BackfillProgress(1000);
    expect(progress.on(beat(0, 0), 1000)).toEqual({
      kind: 'status',
      text: '  Reading the files that are there: 0 MB of 0 MB',
    });
    expect(progress.on(beat(300e6, 120e6), 2000)?.text).toBe(
      '  Reading the files that are there: 120 MB of 300 MB (40 %)',
    );
    expect(progress.on(beat(300e6, 300e6, true), 13_300)).toEqual({
      kind: 'done',
      text: '✓ Backfill done: 1,234 files, 300 MB in 12.3 s',
    });
    expect(progress.on(beat(300e6, 300e6, true), 15_300)).toBeUndefined();
  });
});

describe('Terminal', () => {
  const recorded = (isTTY: boolean) => {
    const written: string[] = [];
    let now = 0;
    return {
      written,
      terminal: new Terminal({ write: (text) => written.push(text), isTTY }, () => now),
      pass: (ms: number) => (now += ms),
    };
  };

  it('draws the status line anew below what is printed', () => {
    const { terminal, written } = recorded(true);
    terminal.status('10 %');
    terminal.line('hello');
    terminal.status('');
    expect(written.join('')).toBe('10 %\r\x1b[Khello\n10 %\r\x1b[K');
  });

  it('prints a status only every few seconds where there is no terminal', () => {
    const { terminal, written, pass } = recorded(false);
    for (let percent = 0; percent < 12; percent++) {
      pass(1000);
      terminal.status(`${percent} %`);
    }
    expect(written).toEqual(['4 %\n', '9 %\n']);
  });

  it('says of each step how it went', async () => {
    const { terminal, written, pass } = recorded(false);
    await terminal.step(
      'NATS',
      () => Promise.resolve(pass(1500)),
      () => 'fine',
    );
    await expect(terminal.step('PostgreSQL', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(written).toEqual(['✓ NATS (1.5 s): fine\n', '✗ PostgreSQL\n']);
  });
});

describe('terminalLine', () => {
  const record = (fields: object) => JSON.stringify({ time: 't', service: 'ingest', ...fields });

  it.each([
    [record({ level: 'info', msg: 'caught up' }), undefined],
    [
      record({ level: 'warn', msg: 'slow', partition: 3, error: { name: 'E', message: 'late', stack: 'x' } }),
      '! ingest: slow (partition=3 error=late)',
    ],
    [record({ level: 'error', msg: 'broken' }), '✗ ingest: broken'],
    ['Error: Cannot find module', '! ingest: Error: Cannot find module'],
    [
      record({ level: 'warn', msg: 'left out', path: '/r/\u001b[2Ja\r\nb' }),
      '! ingest: left out (path=/r/a b)',
    ],
    ['{"not":"ours"}', '! ingest: {"not":"ours"}'],
    ['{broken', '! ingest: {broken'],
    ['   ', undefined],
  ])('%s', (text, line) => expect(terminalLine('ingest', text, 'stderr')?.line).toBe(line));
});

describe('what is no record', () => {
  it('is a crash on standard error, and chatter on standard output', () => {
    expect(terminalLine('ingest', 'TypeError: x', 'stderr')?.line).toBe('! ingest: TypeError: x');
    expect(terminalLine('ingest', '[Nest] started', 'stdout')).toBeUndefined();
  });
});

describe('serviceEnvironments', () => {
  const settings = readSettings({ TELLTALE_HOME: '/home', TELLTALE_HOST_NAME: 'desk' }, false);
  const nats = {
    operator: 'nats://o:0@h',
    ingest: 'nats://i:1@h',
    gateway: 'nats://g:4@h',
    watcher: 'nats://w:2@h',
    reader: 'nats://r:3@h',
  };
  const database = { operator: 'postgres://o@db', ingest: 'postgres://i@db', gateway: 'postgres://g@db' };
  const environments = serviceEnvironments(
    settings,
    { nats, database, port: 4400, demoRoot: undefined },
    'hunter2',
  );

  it('tells each service what it needs and no more', () => {
    expect(environments.watcher).toEqual({
      TELLTALE_HOME: '/home',
      TELLTALE_HOST_NAME: 'desk',
      NATS_URL: nats.watcher,
    });
    expect(environments.ingest).toMatchObject({
      NATS_URL: nats.ingest,
      DATABASE_URL: database.ingest,
      TELLTALE_INSTANCE: 'desk-local',
    });
    expect(environments.gateway).toMatchObject({
      NATS_URL: nats.gateway,
      DATABASE_URL: database.gateway,
      TELLTALE_PORT: '4400',
      TELLTALE_HOST: '127.0.0.1',
      TELLTALE_ADMIN_PASSWORD: 'hunter2',
    });
    expect(JSON.stringify(environments.ingest)).not.toContain('hunter2');
    expect(JSON.stringify(environments)).not.toMatch(/operator|o@db|o:0@/);
  });

  it('lets services inherit nothing confidential', () => {
    const env = {
      PATH: '/bin',
      NATS_URL: 'x',
      DATABASE_URL: 'x',
      TELLTALE_ADMIN_PASSWORD: 'x',
      npm_config_registry: 'x',
      CLAUDE_CONFIG_DIR: '/c',
    };
    expect(inherited(env)).toEqual({ PATH: '/bin', CLAUDE_CONFIG_DIR: '/c' });
  });
});

describe('listeningSockets', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1130 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:1130 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 222 1
   2: 0100007F:1131 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1`;
  it('finds who listens, not who is connected', () => {
    expect(listeningSockets(table, 0x1130)).toEqual(['111']);
    expect(listeningSockets(table, 1)).toEqual([]);
  });
});

describe('in the home folder', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('one Telltale runs at a time, and a killed one makes way', () => {
    const file = join(folder.path, 'lock');
    const first = lockHome(file);
    expect(first).toMatchObject({ kind: 'held', tookOver: false });
    expect(lockHome(file)).toMatchObject({ kind: 'taken', owner: { pid: process.pid } });
    if (first.kind === 'held') first.release();
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'before this machine was restarted' }));
    expect(lockHome(file)).toMatchObject({ kind: 'held', tookOver: true });
    writeFileSync(file, '{"pid":12');
    expect(lockHome(file)).toMatchObject({ kind: 'held', tookOver: true });
  });

  it('a home that cannot be one is refused with what to do', () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    expect(() => openHome(join(file, 'home'))).toThrow(
      /cannot keep its state in .*\n {2}Set TELLTALE_HOME to a folder that you may write to/,
    );
    expect(() => openHome(file)).toThrow(/not a folder|EEXIST/);
  });

  it('passwords are made once, for the owner’s eyes only, and anew when the file is broken', () => {
    const file = join(folder.path, 'secrets.json');
    const secrets = openSecrets(file);
    expect(new Set(Object.values(secrets)).size).toBe(5);
    chmodSync(file, 0o644);
    expect(openSecrets(file)).toEqual(secrets);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, '{"operator":');
    expect(openSecrets(file).operator).not.toBe(secrets.operator);
  });

  it('logs begin a new file at each start and when they get large; old ones go', () => {
    mkdirSync(join(folder.path, 'logs'));
    const path = join(folder.path, 'logs', 'ingest.log');
    const log = new LogFile(path, 100);
    for (let n = 0; n < 1000; n++) log.line(`line ${n}`);
    log.close();
    expect(readFileSync(path, 'utf8').length).toBeLessThanOrEqual(200);
    expect(readFileSync(path, 'utf8')).toContain('line 999');
    expect(existsSync(`${path}.3`)).toBe(true);
    expect(existsSync(`${path}.4`)).toBe(false);
    new LogFile(path).close();
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('line 999');
  });
});
