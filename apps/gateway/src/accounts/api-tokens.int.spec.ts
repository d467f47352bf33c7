import {
  apiTokenListSchema,
  createdApiTokenSchema,
  problemSchema,
  type CreatedApiToken,
  type TokenScope,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { ApiTokenEntity } from '../database/api-token.entity';
import { UserEntity } from '../database/user.entity';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { AccessChanges } from './access-changes';
import { KnownUsers } from './known-users';
import { hashPassword } from './passwords';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  gateway.fetch(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const tokens = '/api/admin/tokens';

async function make(scopes: TokenScope[], more: object = {}): Promise<CreatedApiToken> {
  const response = await send('POST', tokens, gateway.bearer('admin'), {
    name: scopes.join(),
    scopes,
    ...more,
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return createdApiTokenSchema.parse(await response.json());
}

const list = async () =>
  apiTokenListSchema.parse(await (await send('GET', tokens, gateway.bearer('admin'))).json()).items;
const statusOf = async (method: string, path: string, token: string, body?: unknown) =>
  (await send(method, path, bearer(token), body)).status;

describe('API tokens', () => {
  it('are shown once, listed without their secret, and kept as a hash', async () => {
    const { token, ...rest } = await make(['push', 'read']);
    expect(token).toMatch(/^tt_/);
    expect(rest).toMatchObject({
      scopes: ['read', 'push'],
      username: 'admin',
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await list()).toContainEqual(rest);
    const secret = token.slice(-43); // it may hold underscores, too
    const answer = await (await send('GET', tokens, gateway.bearer('admin'))).text();
    const stored: unknown = await gateway.control.query('select * from control.api_token');
    for (const text of [answer, JSON.stringify(stored)]) expect(text).not.toContain(secret);
  });

  it('are for administrators to make, see and revoke', async () => {
    const { id, token } = await make(['read', 'push']);
    for (const headers of [gateway.bearer('viewer'), bearer(token)]) {
      expect((await send('GET', tokens, headers)).status).toBe(403);
      expect((await send('POST', tokens, headers, { name: 'x', scopes: ['read'] })).status).toBe(403);
      expect((await send('DELETE', `${tokens}/${id}`, headers)).status).toBe(403);
    }
    const admin = await make(['admin']);
    expect(await statusOf('GET', tokens, admin.token)).toBe(200);
    expect(await statusOf('DELETE', `${tokens}/${id}`, admin.token)).toBe(204);
  });

  it('do what their scopes say and no more', async () => {
    const [read, push, admin] = await Promise.all((['read', 'push', 'admin'] as const).map((s) => make([s])));
    const table = async (method: string, path: string, body?: unknown) =>
      Promise.all([read, push, admin].map((made) => statusOf(method, path, made?.token ?? '', body)));
    expect(await table('GET', '/api/sessions')).toEqual([200, 403, 200]);
    expect(await table('GET', '/api/docs-json')).toEqual([200, 403, 200]);
    expect(await table('GET', '/api/auth/me')).toEqual([200, 200, 200]);
    expect(await table('GET', tokens)).toEqual([403, 403, 200]);
    expect(await table('POST', '/api/sessions', { session_id: 'x' })).toEqual([403, 201, 201]);
    const problem = problemSchema.parse(
      await (await send('GET', '/api/sessions', bearer(push?.token ?? ''))).json(),
    );
    expect(problem.detail).toContain('scope read');
  });

  it('are refused at once when revoked', async () => {
    const { id, token } = await make(['read']);
    expect(await statusOf('GET', '/api/sessions', token)).toBe(200);
    expect((await send('DELETE', `${tokens}/${id}`, gateway.bearer('admin'))).status).toBe(204);
    expect(await statusOf('GET', '/api/sessions', token)).toBe(401);
    expect((await send('DELETE', `${tokens}/${id}`, gateway.bearer('admin'))).status).toBe(404);
    expect((await list()).map((each) => each.id)).not.toContain(id);
  });

  it('expire', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { id, token, expiresAt } = await make(['read'], { expiresAt: soon });
    expect(expiresAt).toBe(soon);
    expect(await statusOf('GET', '/api/sessions', token)).toBe(200);
    await gateway.control
      .getRepository(ApiTokenEntity)
      .update({ id }, { expiresAt: new Date(Date.now() - 1) });
    expect(await statusOf('GET', '/api/sessions', token)).toBe(401);
    const late = { name: 'late', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' };
    const response = await send('POST', tokens, gateway.bearer('admin'), late);
    expect(problemSchema.parse(await response.json())).toMatchObject({ status: 400, field: 'expiresAt' });
  });

  it('are refused when a character is wrong, or another token’s secret stands behind the id', async () => {
    const [one, other] = await Promise.all([make(['read']), make(['read'])]);
    const [, id] = one.token.split('_');
    const crossed = `tt_${id ?? ''}_${other.token.slice(-43)}`;
    const changed = one.token.slice(0, -1) + (one.token.endsWith('A') ? 'B' : 'A');
    for (const token of [crossed, changed, `tt_${'0'.repeat(16)}_${one.token.slice(-43)}`])
      expect(await statusOf('GET', '/api/sessions', token)).toBe(401);
  });

  it('tell when they were used last, written down once a minute', async () => {
    const { id, token } = await make(['read']);
    const usedAt = async () => (await list()).find((each) => each.id === id)?.lastUsedAt;
    const before = Date.now();
    await statusOf('GET', '/api/sessions', token);
    const first = await usedAt();
    expect(Date.parse(first ?? '')).toBeGreaterThanOrEqual(before);
    await statusOf('GET', '/api/sessions', token);
    expect(await usedAt()).toBe(first);
    const earlier = new Date(Date.now() - 61_000);
    await gateway.control.getRepository(ApiTokenEntity).update({ id }, { lastUsedAt: earlier });
    await statusOf('GET', '/api/sessions', token);
    expect(Date.parse((await usedAt()) ?? '')).toBeGreaterThan(earlier.getTime() + 60_000);
  });

  it('can do no more than who made them, and go with them', async () => {
    const users = gateway.control.getRepository(UserEntity);
    const passwordHash = await hashPassword('a password of some length');
    await users.insert({ username: 'leaving', role: 'admin', passwordHash });
    const { id, token } = await make(['admin']);
    await gateway.control.getRepository(ApiTokenEntity).update({ id }, { username: 'leaving' });
    expect(await statusOf('GET', tokens, token)).toBe(200);
    await users.update({ username: 'leaving' }, { role: 'viewer' });
    await eventually(async () => expect(await statusOf('GET', tokens, token)).toBe(403));
    expect(await statusOf('POST', '/api/sessions', token, {})).toBe(403);
    expect(await statusOf('GET', '/api/sessions', token)).toBe(200);
    await users.delete({ username: 'leaving' });
    expect(await statusOf('GET', '/api/sessions', token)).toBe(401);
  });
});

describe('who is remembered for a moment', () => {
  it('is looked up anew also after the clock was put back', async () => {
    const users = gateway.control.getRepository(UserEntity);
    await users.insert({
      username: 'falling',
      role: 'admin',
      passwordHash: await hashPassword('of some length'),
    });
    let now = Date.now();
    const known = new KnownUsers(gateway.control, () => now, gateway.app.get(AccessChanges));
    const role = async () => (await known.find('falling')).user?.role;
    expect(await role()).toBe('admin');
    await users.update({ username: 'falling' }, { role: 'viewer' });
    now -= 3_600_000;
    expect(await role()).toBe('viewer');
  });
});

describe('API tokens on the live socket', () => {
  const connect = (token: string): Promise<Socket> => {
    const client = io(`${gateway.url}/live`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token },
    });
    return new Promise((done, fail) => {
      client.once('connect', () => done(client));
      client.once('connect_error', fail);
    });
  };

  it('need the scope read', async () => {
    const [read, push] = await Promise.all([make(['read']), make(['push'])]);
    const client = await connect(read.token);
    expect(client.connected).toBe(true);
    client.disconnect();
    await expect(connect(push.token)).rejects.toMatchObject({ data: { status: 403 } });
  });

  it('lose their sockets soon after they were revoked', async () => {
    const { id, token } = await make(['read']);
    const client = await connect(token);
    await send('DELETE', `${tokens}/${id}`, gateway.bearer('admin'));
    await eventually(() => expect(client.connected).toBe(false));
  });
});
