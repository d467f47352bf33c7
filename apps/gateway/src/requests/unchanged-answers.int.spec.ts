import { createdApiTokenSchema, type Role } from '@telltale/contracts';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { AccessChanges } from '../accounts/access-changes';
import { AccessGuard } from '../accounts/access.guard';
import { METRICS } from '../connections';
import { UserEntity } from '../database/user.entity';
import { Revisions } from '../sessions/revisions';
import { putSession } from '../testing/rows';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import type { Registry } from 'prom-client';

let gateway: TestGateway;
let guarded: jest.SpyInstance;
beforeAll(async () => {
  gateway = await startTestGateway();
  await putSession(gateway.connections.readModel, { id: 'one' });
  guarded = jest.spyOn(gateway.app.get(AccessGuard), 'canActivate');
});
afterAll(() => gateway?.stop());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** Whether the guards were asked: they are not where it was answered before them. */
  readonly whole: boolean;
  readonly etag: string;
}

/** With these headers and no others: `fetch` has some of its own. */
async function ask(path: string, headers: Record<string, string>): Promise<Answer> {
  const before = guarded.mock.calls.length;
  const sent = httpRequest(`${gateway.url}${path}`, { headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  const { date: _, ...others } = response.headers;
  return {
    status: response.statusCode ?? 0,
    headers: others,
    whole: guarded.mock.calls.length > before,
    etag: response.headers.etag ?? '',
  };
}

/** Answered once in full; then by the shortcut, over and over. */
async function known(path: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const first = await ask(path, headers);
  expect(first).toMatchObject({ status: 200, whole: true });
  const held = { ...headers, 'if-none-match': first.etag };
  expect(await ask(path, held)).toMatchObject({ status: 304, whole: false });
  return held;
}

const change = (id = 'one') =>
  putSession(gateway.connections.readModel, { id, revision: Math.floor(performance.now()) + 2 });

async function apiToken(role: Role = 'viewer') {
  const response = await fetch(`${gateway.url}/api/admin/tokens`, {
    method: 'POST',
    headers: { ...gateway.bearer('admin'), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'poll', scopes: [role === 'admin' ? 'admin' : 'read'], expiresAt: null }),
  });
  const { id, token } = createdApiTokenSchema.parse(await response.json());
  const revoke = () =>
    fetch(`${gateway.url}/api/admin/tokens/${id}`, { method: 'DELETE', headers: gateway.bearer('admin') });
  return { id, headers: { authorization: `Bearer ${token}` }, revoke };
}

describe.each(['/api/sessions?limit=7', '/api/sessions/one', '/api/facets', '/api/admin/sessions'])(
  '%s',
  (path) => {
    it('is answered as the whole way answers it', async () => {
      const held = await known(path, gateway.bearer('admin'));
      const [short, whole] = [await ask(path, held), await ask(path, { ...held, 'x-other': 'request' })];
      expect({ short: short.whole, whole: whole.whole }).toEqual({ short: false, whole: true });
      expect(short).toEqual({ ...whole, whole: false });
      expect(short.headers).toHaveProperty('content-security-policy');
    });

    it('is sent anew when something changed', async () => {
      const held = await known(path, gateway.bearer('admin'));
      await change();
      const again = await ask(path, held);
      expect(again).toMatchObject({ status: 200, whole: true });
      expect(again.etag).not.toBe(held['if-none-match']);
      expect((await ask(path, held)).status).toBe(200);
      const next = { ...held, 'if-none-match': again.etag };
      expect(await ask(path, next)).toMatchObject({ status: 304, whole: false });
    });
  },
);

describe('nobody is answered so', () => {
  const path = '/api/sessions';

  it('whose token was revoked', async () => {
    const { headers, revoke } = await apiToken();
    const held = await known(path, headers);
    expect((await revoke()).status).toBe(204);
    expect((await ask(path, held)).status).toBe(401);
  });

  it('whose token expired', async () => {
    const { id, headers } = await apiToken();
    const held = await known(path, headers);
    await gateway.connections.readModel.query(
      `update control.api_token set expires_at = now() - interval '1 s' where id = $1`,
      [id],
    );
    expect((await ask(path, held)).status).toBe(401);
  });

  it('whose token lost what it was for with its maker', async () => {
    const { headers } = await apiToken('admin');
    const held = await known('/api/admin/sessions', headers);
    const users = gateway.control.getRepository(UserEntity);
    const changed = async (role: Role) => {
      await users.update({ username: 'admin' }, { role });
      gateway.app.get(AccessChanges, { strict: false }).announce({ username: 'admin' });
    };
    await changed('viewer');
    const { status } = await ask('/api/admin/sessions', held);
    await changed('admin');
    expect(status).toBe(403);
  });

  it.each([
    ['is disabled', { disabledAt: new Date() }, 401],
    ['has another password', { tokenVersion: 2 }, 401],
    ['has another role', { role: 'admin' as const }, 200],
  ])('whose user %s', async (name, changed, status) => {
    const users = gateway.control.getRepository(UserEntity);
    const { passwordHash } = await users.findOneByOrFail({ username: 'admin' });
    const username = `reader who ${name}`;
    await users.insert({ username, role: 'viewer', passwordHash });
    const { accessToken } = await login(gateway.url, username, adminPassword);
    const held = await known(path, { authorization: `Bearer ${accessToken}` });
    await users.update({ username }, changed);
    gateway.app.get(AccessChanges, { strict: false }).announce({ username });
    expect((await ask(path, held)).status).toBe(status);
  });

  it('who signed out', async () => {
    const { accessToken } = await login(gateway.url, 'watcher-on-the-wall', adminPassword);
    const headers = { authorization: `Bearer ${accessToken}` };
    const held = await known(path, headers);
    await fetch(`${gateway.url}/api/auth/logout`, { method: 'POST', headers });
    expect((await ask(path, held)).status).toBe(401);
  });

  it('who holds what another was sent, but may not read it', async () => {
    const held = await known('/api/admin/sessions', gateway.bearer('admin'));
    const etag = { 'if-none-match': held['if-none-match'] ?? '' };
    expect((await ask('/api/admin/sessions', { ...gateway.bearer('viewer'), ...etag })).status).toBe(403);
    expect((await ask('/api/admin/sessions', etag)).status).toBe(401);
    expect((await ask('/api/admin/sessions', { authorization: 'Bearer x', ...etag })).status).toBe(401);
  });

  it('who asks under a foreign name', async () => {
    const held = await known(path, gateway.bearer());
    expect((await ask(path, { ...held, host: 'evil.example' })).status).toBe(421);
  });

  it('who asks for what there is not', async () => {
    const held = await known(path, gateway.bearer());
    for (let n = 0; n < 2; n++) {
      expect((await ask(`${path}?limit=0`, held)).status).toBe(400);
      expect((await ask(`${path}?nothing=1`, { ...held, 'if-none-match': '*' })).status).toBe(400);
    }
  });

  it('who asks for a session that is gone', async () => {
    await putSession(gateway.connections.readModel, { id: 'gone' });
    const held = await known('/api/sessions/gone', gateway.bearer());
    await gateway.connections.readModel.query(
      `update session set deleted = true, started_at = null, revision = revision + 1 where id = 'gone'`,
    );
    expect((await ask('/api/sessions/gone', held)).status).toBe(404);
  });
});

it.each([
  ['/api/admin/sessions', 'title'],
  ['/api/facets', 'status'],
])('%s tags no answer that failed: it would be held for what was asked', async (path, column) => {
  const { readModel } = gateway.connections;
  await readModel.query(`alter table session rename column ${column} to away`);
  try {
    const { status, etag } = await ask(path, gateway.bearer('admin'));
    expect({ status, etag }).toEqual({ status: 500, etag: '' });
  } finally {
    await readModel.query(`alter table session rename column away to ${column}`);
  }
});

it('is refused to nobody because of what another asks for at the same time', async () => {
  const revisions = gateway.app.get(Revisions, { strict: false });
  // They are read for together.
  const asked = [revisions.fleet(), revisions.session('one'), revisions.session('a\0b'), revisions.fleet()];
  expect(await Promise.allSettled(asked)).toEqual([
    { status: 'fulfilled', value: expect.any(String) as string },
    { status: 'fulfilled', value: expect.any(String) as string },
    { status: 'fulfilled', value: undefined },
    { status: 'fulfilled', value: expect.any(String) as string },
  ]);
  const headers = { ...gateway.bearer(), 'if-none-match': '"x"' };
  expect((await ask('/api/sessions/a%00b', headers)).status).toBe(404);
});

it('is counted among the requests', async () => {
  const held = await known('/api/sessions', gateway.bearer());
  const count = async () => {
    const text = await gateway.app.get<Registry>(METRICS, { strict: false }).metrics();
    return Number(/_count\{method="GET",route="\/api\/sessions",status="304"\} (\d+)/.exec(text)?.[1]);
  };
  const before = await count();
  await ask('/api/sessions', held);
  expect(await count()).toBe(before + 1);
});
