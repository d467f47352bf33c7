import { spawn, type ChildProcess } from 'node:child_process';
import { createPool, freePort } from '@telltale/platform';
import { eventually, startTestNats, startTestPostgres } from '@telltale/platform/testing';
import { buildPrograms, migrateReadModel, runProgram } from '../testing/programs';
import { putSession } from '../testing/rows';
import { adminPassword, login } from '../testing/test-gateway';
import { readPdf } from './testing/read-pdf';

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** The gateway as it runs for people: what its documents are drawn with must be found from where it is built to. */
async function builtGateway(): Promise<{ url: string; databaseUrl: string }> {
  const source = (name: string) => `apps/gateway/src/${name}.ts`;
  const [programs, nats, postgres] = await Promise.all([
    buildPrograms({ main: source('main'), migrate: source('migrate') }),
    startTestNats(),
    startTestPostgres(),
  ]);
  undo.push(
    () => programs.remove(),
    () => nats.stop(),
    () => postgres.stop(),
  );
  const databaseUrl = await postgres.createDatabase();
  await migrateReadModel(databaseUrl);
  const port = await freePort();
  const env = {
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.url,
    TELLTALE_PORT: String(port),
    TELLTALE_HOST: '127.0.0.1',
    TELLTALE_ADMIN_PASSWORD: adminPassword,
  };
  await runProgram(programs.path('migrate'), env);
  const service: ChildProcess = spawn(process.execPath, [programs.path('main')], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  undo.push(() => service.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeoutMs: 60_000,
  });
  return { url, databaseUrl };
}

it('draws a PDF with fonts for every script', async () => {
  const { url, databaseUrl } = await builtGateway();
  const pool = createPool({ url: databaseUrl, searchPath: 'read_model', applicationName: 'test', max: 1 });
  undo.push(() => pool.end());
  const title = 'Latin Ελληνικά кириллица Հայերեն ✓ 中文 日本語 한국어';
  await putSession(pool, { id: 's', title });
  const { accessToken } = await login(url, 'admin', adminPassword);
  const response = await fetch(`${url}/api/sessions/s/export?format=pdf`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(response.status).toBe(200);
  const { pages } = await readPdf(new Uint8Array(await response.arrayBuffer()));
  expect(pages[0]?.replaceAll(/\s+/g, ' ')).toContain(title);
});
