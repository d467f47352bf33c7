import { loginResponseSchema } from '@telltale/contracts';
import { freePort } from '@telltale/platform';
import {
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@telltale/platform/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { buildPrograms, migrateReadModel, runProgram, type Programs } from './testing/programs';

let programs: Programs;
let nats: TestNats;
let postgres: TestPostgres;
let env: Record<string, string>;
let url: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  const source = (name: string) => `apps/gateway/src/${name}.ts`;
  [programs, nats, postgres] = await Promise.all([
    buildPrograms({ main: source('main'), migrate: source('migrate'), 'sign-in': source('sign-in') }),
    startTestNats(),
    startTestPostgres(),
  ]);
  const databaseUrl = await postgres.createDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  env = {
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.url,
    TELLTALE_PORT: String(port),
    TELLTALE_HOST: '127.0.0.1',
  };
  await migrateReadModel(databaseUrl);
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all([programs.remove(), nats.stop(), postgres.stop()]);
});

it('migrates as often as one likes, also at once', async () => {
  const migrate = () => runProgram(programs.path('migrate'), env);
  await Promise.all([migrate(), migrate()]);
  await migrate();
});

it('prints a link that lets its first reader in, serves, and ends by itself on SIGTERM', async () => {
  const service = start();
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeoutMs: 30_000,
  });

  const link = await runProgram(programs.path('sign-in'), env);
  expect(link).toMatch(/^\S+\n$/);
  const token = new URL(link.trim()).hash.replace('#token=', '');
  expect(link.trim()).toBe(`${url}/sign-in#token=${token}`);
  const signIn = () =>
    fetch(`${url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  const admitted = loginResponseSchema.parse(await (await signIn()).json());
  expect(admitted.user).toEqual({ username: 'admin', role: 'admin' });
  expect((await signIn()).status).toBe(401);

  const headers = { authorization: `Bearer ${admitted.accessToken}` };
  expect(await (await fetch(`${url}/api/sessions`, { headers })).json()).toMatchObject({
    items: [],
    total: 0,
  });

  service.kill('SIGTERM');
  expect(await ended(service)).toEqual({ code: 0, signal: null });
  expect(output(service)).not.toContain(token);
});

it('waits for its servers, and stops while it waits', async () => {
  const service = start({ NATS_URL: 'nats://127.0.0.1:9' });
  await eventually(() => expect(output(service)).toContain('NATS cannot be reached yet'), {
    timeoutMs: 20_000,
  });
  service.kill('SIGTERM');
  expect((await ended(service)).code).not.toBe(0);
});

it('says so when its port is taken', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as AddressInfo;
  const service = start({ TELLTALE_PORT: String(port) });
  expect((await ended(service)).code).toBe(1);
  expect(output(service)).toContain(`TELLTALE_PORT: ${port} is in use already`);
  other.close();
});

it('says what is wrong with its settings', async () => {
  const service = start({ TELLTALE_PORT: 'seventy' });
  expect((await ended(service)).code).toBe(1);
  expect(output(service)).toContain('TELLTALE_PORT');
  expect(output(service)).not.toMatch(/\bat .*\.mjs:\d/);
});

const outputs = new Map<ChildProcess, string>();

function start(changes: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [programs.path('main')], {
    env: { ...process.env, ...env, ...changes },
  });
  running.push(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => outputs.set(child, output(child) + bytes.toString()));
  }
  return child;
}

function output(child: ChildProcess): string {
  return outputs.get(child) ?? '';
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return eventually(
    () => {
      const { exitCode: code, signalCode: signal } = child;
      if (code === null && signal === null) throw new Error(`still running: ${output(child).slice(-500)}`);
      return { code, signal };
    },
    { timeoutMs: 15_000 },
  );
}
