import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import {
  createdApiTokenSchema,
  loginResponseSchema,
  type CreatedApiToken,
  type TokenScope,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { signingKey } from '../accounts/access-tokens';
import { ApiTokens } from '../accounts/api-tokens';
import { UserEntity } from '../database/user.entity';
import { bearerOf, sender } from '../testing/send';
import { login, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const send = sender(() => gateway);
const tokens = '/api/admin/tokens';
const me = async (token: string) => (await send('GET', '/api/auth/me', undefined, bearerOf(token))).status;
const make = async (by: string | undefined, ...scopes: TokenScope[]): Promise<CreatedApiToken> => {
  const made = await send('POST', tokens, { name: 'x', scopes }, by === undefined ? undefined : bearerOf(by));
  return createdApiTokenSchema.parse(made.body);
};

describe('a token that was forged', () => {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hmac = (alg: string, key: Buffer | Uint8Array, text: string) =>
    createHmac(alg, key).update(text).digest('base64url');

  it('is refused: other algorithms, no algorithm, other keys, other claims', async () => {
    const key = await signingKey(gateway.control);
    const { tokenVersion } = await gateway.control
      .getRepository(UserEntity)
      .findOneByOrFail({ username: 'admin' });
    const now = Math.floor(Date.now() / 1000);
    const good = {
      sub: 'admin',
      role: 'admin',
      ver: tokenVersion,
      iss: 'telltale',
      iat: now,
      exp: now + 600,
    };
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const text = (header: object, claims: object = good) => `${encoded(header)}.${encoded(claims)}`;
    const hs256 = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }) =>
      `${text(header, claims)}.${hmac('sha256', key, text(header, claims))}`;
    expect(await me(hs256(good))).toBe(200); // or nothing below would prove anything
    const none = text({ alg: 'none', typ: 'JWT' });
    const rs256 = text({ alg: 'RS256', typ: 'JWT' });
    const own = text({ alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } });
    const forged: Record<string, string> = {
      'alg none': `${none}.`,
      'alg none, signed': `${none}.${hmac('sha256', key, none)}`,
      'alg None': `${text({ alg: 'None' })}.`,
      'no alg': `${text({ typ: 'JWT' })}.${hmac('sha256', key, text({ typ: 'JWT' }))}`,
      HS384: `${text({ alg: 'HS384' })}.${hmac('sha384', key, text({ alg: 'HS384' }))}`,
      HS512: `${text({ alg: 'HS512' })}.${hmac('sha512', key, text({ alg: 'HS512' }))}`,
      RS256: `${rs256}.${sign('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`,
      'RS256 by HMAC': `${rs256}.${hmac('sha256', key, rs256)}`,
      'HS256 by a public key': `${text({ alg: 'HS256' })}.${hmac('sha256', Buffer.from(pem), text({ alg: 'HS256' }))}`,
      'a key of its own': `${own}.${hmac('sha256', Buffer.from('AAAA', 'base64url'), own)}`,
      'a critical header': hs256(good, { alg: 'HS256', crit: ['x'], x: 1 }),
      'no signature': text({ alg: 'HS256' }),
      'an empty signature': `${text({ alg: 'HS256' })}.`,
      'another issuer': hs256({ ...good, iss: 'evil' }),
      'no issuer': hs256({ ...good, iss: undefined }),
      expired: hs256({ ...good, exp: now - 1 }),
      'no end': hs256({ ...good, exp: undefined }),
      'an end that is a text': hs256({ ...good, exp: '9999999999' }),
      'not yet': hs256({ ...good, nbf: now + 600 }),
      'another version': hs256({ ...good, ver: tokenVersion + 1 }),
      'a version that is a text': hs256({ ...good, ver: String(tokenVersion) }),
      nobody: hs256({ ...good, sub: 'nobody' }),
      'five parts': `${hs256(good)}.x.y`,
    };
    const let_in = (
      await Promise.all(Object.entries(forged).map(async ([how, token]) => [how, await me(token)]))
    ).filter(([, status]) => status !== 401);
    expect(let_in).toEqual([]);
  });

  it('has the role that its user has now, whatever it says', async () => {
    const key = await signingKey(gateway.control);
    const { tokenVersion: ver } = await gateway.control
      .getRepository(UserEntity)
      .findOneByOrFail({ username: 'watcher-on-the-wall' });
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { sub: 'watcher-on-the-wall', role: 'admin', ver, iss: 'telltale', iat: exp - 600, exp };
    const text = `${encoded({ alg: 'HS256' })}.${encoded(claims)}`;
    const token = `${text}.${hmac('sha256', key, text)}`;
    expect(await me(token)).toBe(200);
    expect((await send('GET', '/api/admin/users', undefined, bearerOf(token))).status).toBe(403);
  });
});

describe('a token that ends', () => {
  it('makes none that would outlive it', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const ends = at(60);
    const root = createdApiTokenSchema.parse(
      (await send('POST', tokens, { name: 'x', scopes: ['admin'], expiresAt: ends })).body,
    );
    const makeUntil = (expiresAt?: string) =>
      send('POST', tokens, { name: 'x', scopes: ['admin'], expiresAt }, bearerOf(root.token));
    for (const expiresAt of [undefined, at(61)]) {
      const { status, body } = await makeUntil(expiresAt);
      expect({ status, body }).toMatchObject({ status: 400, body: { field: 'expiresAt' } });
    }
    for (const expiresAt of [ends, at(1)]) expect((await makeUntil(expiresAt)).status).toBe(201);
  });
});

describe('a token that was revoked', () => {
  it('makes no more, even where it was let in just before', async () => {
    const making = gateway.app.get(ApiTokens).create(
      { name: 'x', scopes: ['read'], expiresAt: null },
      {
        user: { username: 'admin', role: 'admin' },
        scopes: ['admin'],
        expiresAt: Infinity,
        tokenId: 'revoked',
      },
    );
    await expect(making).rejects.toMatchObject({ problem: { status: 401 } });
  });

  it('takes along what was made with it, and with that, and nothing else', async () => {
    const root = await make(undefined, 'admin');
    const other = await make(undefined, 'read');
    const child = await make(root.token, 'admin');
    const grandchild = await make(child.token, 'read', 'push');
    expect([root.madeBy, child.madeBy, grandchild.madeBy]).toEqual([null, root.id, child.id]);
    expect((await send('DELETE', `${tokens}/${root.id}`)).status).toBe(204);
    const all = [root, child, grandchild, other];
    expect(await Promise.all(all.map(({ token }) => me(token)))).toEqual([401, 401, 401, 200]);
  });

  it('may revoke itself, and nothing after', async () => {
    const { id, token } = await make(undefined, 'admin');
    expect((await send('DELETE', `${tokens}/${id}`, undefined, bearerOf(token))).status).toBe(204);
    expect((await send('GET', tokens, undefined, bearerOf(token))).status).toBe(401);
  });
});

describe('sockets', () => {
  const connect = (token: string): Promise<Socket> => {
    const options = { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } };
    const client = io(`${gateway.url}/live`, options);
    return new Promise((done, fail) => {
      client.once('connect', () => done(client));
      client.once('connect_error', fail);
    });
  };
  const password = 'the password of a user';
  const user = async (username: string) => {
    await send('POST', '/api/admin/users', { username, role: 'viewer', password });
    return (await login(gateway.url, username, password)).accessToken;
  };

  it('end, and are not opened again, when their token is no more', async () => {
    const api = await make(undefined, 'read');
    const [out, changed, disabled, removed] = await Promise.all(
      ['out', 'changed', 'disabled', 'removed'].map(user),
    );
    const changing = { current: password, new: 'another good password' };
    const ends: [string | undefined, () => Promise<{ status: number }>][] = [
      [api.token, () => send('DELETE', `${tokens}/${api.id}`)],
      [out, () => send('POST', '/api/auth/logout', undefined, bearerOf(out ?? ''))],
      [changed, () => send('POST', '/api/auth/password', changing, bearerOf(changed ?? ''))],
      [disabled, () => send('PATCH', '/api/admin/users/disabled', { disabled: true })],
      [removed, () => send('DELETE', '/api/admin/users/removed')],
    ];
    for (const [token = '', end] of ends) {
      const socket = await connect(token);
      expect(socket.connected).toBe(true);
      expect((await end()).status).toBeLessThan(300);
      await eventually(() => expect(socket.connected).toBe(false));
      await expect(connect(token)).rejects.toMatchObject({ data: { status: 401 } });
    }
  });

  it('go on with the new token after a change of password', async () => {
    const token = await user('goes-on');
    const changed = await send(
      'POST',
      '/api/auth/password',
      { current: password, new: 'another good password' },
      bearerOf(token),
    );
    const socket = await connect(loginResponseSchema.parse(changed.body).accessToken);
    expect(socket.connected).toBe(true);
    socket.disconnect();
  });
});
