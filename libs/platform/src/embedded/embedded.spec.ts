import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, temporaryFolder } from '../testing';
import { findPackage } from './find-package';
import { freePort, isPortFree } from './free-port';
import { isRecentEnough } from './nats-binary';
import { natsConfig } from './nats-config';
import { commandLine, endProcess, isAlive, startTime } from './running-process';
import { ServerStartError, startServer } from './server-process';

const patient = { name: 'sh', file: '/bin/sh', readyTimeoutMs: 60_000, readyLine: /ready/ };

describe('running processes', () => {
  it('are told apart by their command and start time, and ended by the stronger signal where the first does not help', async () => {
    const child = spawn(
      '/bin/sh',
      ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done', 'stubborn'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    expect(commandLine(pid)).toContain('stubborn');
    expect(startTime(pid)).toBe(startTime(pid));
    expect(await endProcess(pid, [{ signal: 'SIGTERM', waitMs: 100 }])).toBe(false);
    expect(
      await endProcess(pid, [
        { signal: 'SIGTERM', waitMs: 100 },
        { signal: 'SIGKILL', waitMs: 60_000 },
      ]),
    ).toBe(true);
    expect(startTime(pid)).toBeUndefined();
    expect(isAlive(process.pid)).toBe(true);
  });
});

describe('startServer', () => {
  it('gives the last words of one that does not come up', async () => {
    const starting = startServer({ ...patient, args: ['-c', 'echo bad port >&2; exit 3'], stopSteps: [] });
    await expect(starting).rejects.toThrow(ServerStartError);
    await expect(
      startServer({ ...patient, args: ['-c', 'echo bad port >&2; exit 3'], stopSteps: [] }),
    ).rejects.toThrow(/exit code 3\n {2}bad port/);
  });

  it('does not wait for ever, nor for a program that is not there', async () => {
    const silent = { ...patient, args: ['-c', 'exec sleep 60'], stopSteps: [], readyTimeoutMs: 50 };
    await expect(startServer(silent)).rejects.toThrow(/not ready within 0.05 s/);
    await expect(
      startServer({ ...patient, file: '/nowhere/server', args: [], stopSteps: [] }),
    ).rejects.toThrow(/ENOENT/);
  });

  it('keeps our environment to itself', async () => {
    process.env['SPEC_SECRET'] = 'hunter2';
    const lines: string[] = [];
    const server = await startServer({
      ...patient,
      args: ['-c', 'env; echo ready; exec sleep 60'],
      stopSteps: [{ signal: 'SIGTERM', waitMs: 60_000 }],
      onLog: (line) => void lines.push(line),
    });
    await server.stop();
    delete process.env['SPEC_SECRET'];
    expect(lines.join('\n')).toContain('ready');
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(await server.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe('ports', () => {
  it('are others each time, and none that the system gives to whoever asks for any', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(Math.min(...ports)).toBeGreaterThan(1024);
  });

  it('finds a free one and knows a taken one', async () => {
    // Other tests take ports, too: one of them may have taken just this one meanwhile.
    await eventually(async () => expect(await isPortFree(await freePort())).toBe(true));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree((server.address() as AddressInfo).port)).toBe(false);
    server.close();
  });
});

describe('findPackage', () => {
  it('looks in each folder upward, as Node does', async () => {
    const folder = await temporaryFolder();
    const package_ = join(folder.path, 'node_modules', '@x', 'y');
    mkdirSync(package_, { recursive: true });
    writeFileSync(join(package_, 'package.json'), '{}');
    mkdirSync(join(folder.path, 'dist', 'tools'), { recursive: true });
    expect(findPackage('@x/y', [join(folder.path, 'dist', 'tools')])).toBe(package_);
    expect(findPackage('@x/none', [join(folder.path, 'dist', 'tools')])).toBeUndefined();
    await folder.remove();
  });
});

describe('nats-server', () => {
  it.each([
    ['2.9.25', false],
    ['2.10.0', true],
    ['2.14.0', true],
    ['3.0.0', true],
    ['1.99.0', false],
  ])('%s recent enough: %s', (version, enough) => expect(isRecentEnough(version)).toBe(enough));

  it('is told nothing that ends a string, whatever a folder is called', () => {
    const text = natsConfig({
      host: '127.0.0.1',
      port: 1,
      dataDir: '/d\n}\u0007ü\u0085"',
      pidFile: '/p',
      users: [],
    });
    expect(text).toContain('store_dir: "/d\\x0a}\\x07ü\u0085\\""');
  });

  it('is told its users, names with quotes and backslashes included', () => {
    const text = natsConfig({
      host: '127.0.0.1',
      port: 1,
      dataDir: '/d "x"',
      pidFile: '/p',
      users: [{ user: 'a', password: 'q"\\', permissions: { publish: [], subscribe: ['b.>'] } }],
    });
    expect(text).toContain('store_dir: "/d \\"x\\""');
    expect(text).toContain(
      '{ user: "a", password: "q\\"\\\\", permissions: { publish: { deny: ">" }, subscribe: { allow: ["b.>"] } } }',
    );
  });
});
