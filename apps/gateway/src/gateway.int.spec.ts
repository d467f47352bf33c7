import { eventually, temporaryFolder, type TemporaryFolder } from '@telltale/platform/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { putSession } from './testing/rows';
import { startTestGateway, type TestGateway } from './testing/test-gateway';

let folder: TemporaryFolder;
let gateway: TestGateway;

const html =
  '<!doctype html><html><body><tt-app></tt-app><script src="main-ABCDEFGH.js"></script></body></html>';

beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startTestGateway({ dashboardDir: join(folder.path, 'browser') });
});
afterAll(async () => {
  await gateway.stop();
  await folder.remove();
});

const page = (path: string) => gateway.fetch(path, { headers: { accept: 'text/html' } });

describe('the dashboard', () => {
  it('says what to do where it is not built, and is there once it is', async () => {
    const absent = await page('/');
    expect(absent.status).toBe(503);
    expect(await absent.text()).toContain('npx nx run dashboard:build');
    await mkdir(join(folder.path, 'browser'));
    await writeFile(join(folder.path, 'browser', 'index.html'), html);
    await writeFile(join(folder.path, 'browser', 'main-ABCDEFGH.js'), 'export {};');
    await writeFile(join(folder.path, 'browser', 'theme.js'), 'void 0;');
    expect((await page('/')).status).toBe(200);
  });

  it('is one page for every path that is not a file, and for nothing else', async () => {
    for (const path of ['/', '/sign-in', '/sessions/a.b', '/index.html']) {
      const response = await page(path);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      expect(response.headers.get('cache-control')).toContain('no-cache');
      expect(await response.text()).toContain('<tt-app>');
    }
    expect((await gateway.fetch('/main-GONE1234.js')).status).toBe(404);
    expect((await gateway.fetch('/../package.json')).status).toBe(404);
    expect((await page('/api/nothing')).status).toBe(404);
    expect((await gateway.fetch('/', { method: 'POST' })).status).toBe(404);
  });

  it('may keep files whose names change with their content', async () => {
    const cacheOf = async (path: string) => (await gateway.fetch(path)).headers.get('cache-control');
    expect(await cacheOf('/main-ABCDEFGH.js')).toContain('immutable');
    expect(await cacheOf('/theme.js')).toBe('no-cache');
  });

  it('gets a policy with a fresh nonce each time', async () => {
    const nonces = new Set<string>();
    for (let n = 0; n < 2; n++) {
      const response = await page('/');
      const nonce = /ngCspNonce="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      expect(response.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });
});

describe('every answer', () => {
  it('is guarded by headers', async () => {
    const { headers } = await gateway.fetch('/healthz');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('the description of the API', () => {
  it('is a page for users', async () => {
    expect((await gateway.fetch('/api/docs')).status).toBe(401);
    const response = await gateway.fetch('/api/docs', { headers: gateway.bearer() });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('swagger-ui');
  });
});

describe('health', () => {
  it('is told', async () => {
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    expect(await (await gateway.fetch('/readyz')).json()).toMatchObject({ status: 'ready' });
  });

  it('has metrics, for the machine itself and for users', async () => {
    await gateway.get('/api/docs-json');
    const metrics = await gateway.fetch('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toContain(
      'telltale_http_request_seconds_count{service="gateway",method="GET",route="/api/docs-json",status="200"} 1',
    );
    const forwarded = { 'x-forwarded-for': '10.0.0.9' };
    expect((await gateway.fetch('/metrics', { headers: forwarded })).status).toBe(401);
    expect((await gateway.fetch('/metrics', { headers: { ...forwarded, ...gateway.bearer() } })).status).toBe(
      200,
    );
  });
});

describe('while its servers are away', () => {
  it('lives, says that it is not ready, and works again by itself when they are back', async () => {
    await putSession(gateway.connections.readModel, { id: 's1' });
    const ready = async () => (await gateway.fetch('/readyz')).status;
    const list = async () => (await gateway.fetch('/api/sessions', { headers: gateway.bearer() })).status;
    expect([await ready(), await list()]).toEqual([200, 200]);

    await gateway.postgres.kill();
    await eventually(async () => expect(await ready()).toBe(503));
    expect(await list()).toBe(503);
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    await gateway.postgres.restart();
    await eventually(async () => expect([await ready(), await list()]).toEqual([200, 200]), {
      timeoutMs: 30_000,
    });

    await gateway.nats.kill();
    await eventually(async () => expect(await ready()).toBe(503));
    expect(await list()).toBe(200);
    await gateway.nats.restart();
    await eventually(async () => expect(await ready()).toBe(200), { timeoutMs: 30_000 });
  });
});
