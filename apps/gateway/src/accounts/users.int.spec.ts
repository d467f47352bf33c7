import {
  accountListSchema,
  accountSchema,
  createdApiTokenSchema,
  loginResponseSchema,
  signInLinkSchema,
} from '@telltale/contracts';
import { bearerOf, sender } from '../testing/send';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const send = sender(() => gateway);
const users = '/api/admin/users';
const password = 'a password of some length';
const make = (username: string, role: 'admin' | 'viewer' = 'viewer', more: object = { password }) =>
  send('POST', users, { username, role, ...more });
const tokenOf = async (username: string, secret = password) =>
  (await login(gateway.url, username, secret)).accessToken;
const me = async (token: string) => (await send('GET', '/api/auth/me', undefined, bearerOf(token))).status;
const loginStatus = async (username: string, secret: string) =>
  (await send('POST', '/api/auth/login', { username, password: secret }, {})).status;
const linkToken = async (username: string) => {
  const { status, body, headers } = await send('POST', `${users}/${username}/sign-in-link`);
  expect(status).toBe(201);
  expect(headers.get('cache-control')).toBe('no-store');
  return new URL(signInLinkSchema.parse(body).link);
};
const signIn = (token: string) => send('POST', '/api/auth/sign-in', { token }, {});

describe('users', () => {
  it('are made, listed and changed', async () => {
    const made = await make('ada');
    expect(made.status).toBe(201);
    expect(accountSchema.parse(made.body)).toMatchObject({
      username: 'ada',
      role: 'viewer',
      disabled: false,
      lastSignInAt: null,
    });
    const token = await tokenOf('ada');
    expect((await send('GET', users, undefined, bearerOf(token))).status).toBe(403);
    expect((await send('PATCH', `${users}/ada`, { role: 'admin' })).body).toMatchObject({ role: 'admin' });
    expect((await send('GET', users, undefined, bearerOf(token))).status).toBe(200); // at once, with the same token
    const { items } = accountListSchema.parse((await send('GET', users)).body);
    expect(items.map(({ username }) => username)).toEqual(['ada', 'admin', 'watcher-on-the-wall']);
    expect(items[0]?.lastSignInAt).not.toBeNull();
    expect(JSON.stringify(items)).not.toContain('argon2');
  });

  it.each([
    [{ username: '', role: 'viewer' }, 'username'],
    [{ username: 'a b', role: 'viewer' }, 'username'],
    [{ username: '../x', role: 'viewer' }, 'username'],
    [{ username: 'x'.repeat(101), role: 'viewer' }, 'username'],
    [{ username: 'аdmin', role: 'viewer' }, 'username'], // a Cyrillic а
    [{ username: 'x', role: 'root' }, 'role'],
    [{ username: 'x' }, 'role'],
    [{ username: 'x', role: 'viewer', password: 'short' }, 'password'],
    [{ username: 'x', role: 'viewer', password: 'x'.repeat(1001) }, 'password'],
    [{ username: 'administrator', role: 'viewer', password: 'administrator' }, 'password'],
    [{ username: 'x', role: 'viewer', tokenVersion: 7 }, 'tokenVersion'],
  ])('%j is refused, naming %s', async (body, field) => {
    expect(await send('POST', users, body)).toMatchObject({ status: 400, body: { field } });
  });

  it('have one name each, in whatever case of letters', async () => {
    expect((await make('grace')).status).toBe(201);
    const twice = await Promise.all(['grace', 'Grace', 'GRACE', 'Admin'].map((name) => make(name)));
    expect(twice.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
  });

  it('that do not exist are said not to', async () => {
    const of = (method: string, more = '', body?: object) => send(method, `${users}/nobody${more}`, body);
    expect((await of('PATCH', '', { role: 'admin' })).status).toBe(404);
    expect((await of('DELETE')).status).toBe(404);
    expect((await of('POST', '/sign-in-link')).status).toBe(404);
    expect(await of('PATCH', '', {})).toMatchObject({ status: 400 });
  });
});

describe('who is disabled, removed, or has a new password', () => {
  it('is out at once, with all sign-ins, links and API tokens', async () => {
    const ends: [string, (name: string) => Promise<unknown>][] = [
      ['disabled', (name) => send('PATCH', `${users}/${name}`, { disabled: true })],
      ['removed', (name) => send('DELETE', `${users}/${name}`)],
    ];
    for (const [name, end] of ends) {
      await make(name, 'admin');
      const token = await tokenOf(name);
      const link = (await linkToken(name)).hash.replace('#token=', '');
      const body = { name: 'of a user', scopes: ['read'] };
      const api = createdApiTokenSchema.parse(
        (await send('POST', '/api/admin/tokens', body, bearerOf(token))).body,
      );
      expect([await me(token), await me(api.token)]).toEqual([200, 200]);
      await end(name);
      expect([await me(token), await me(api.token), await loginStatus(name, password)]).toEqual([
        401, 401, 401,
      ]);
      expect((await signIn(link)).status).toBe(401);
    }
  });

  it('is not let in again by old tokens: not when enabled, and not when made again under the name', async () => {
    await make('phoenix');
    const first = await tokenOf('phoenix');
    await send('PATCH', `${users}/phoenix`, { disabled: true });
    await send('PATCH', `${users}/phoenix`, { disabled: false });
    expect(await me(first)).toBe(401);
    const second = await tokenOf('phoenix');
    const link = (await linkToken('phoenix')).hash.replace('#token=', '');
    await send('DELETE', `${users}/phoenix`);
    await make('phoenix', 'admin');
    expect([await me(first), await me(second)]).toEqual([401, 401]);
    expect((await signIn(link)).status).toBe(401);
    expect(await me(await tokenOf('phoenix'))).toBe(200);
  });

  it('has to sign in again after an administrator set the password', async () => {
    await make('kim');
    const token = await tokenOf('kim');
    const link = (await linkToken('kim')).hash.replace('#token=', '');
    expect((await send('PATCH', `${users}/kim`, { password: 'another password' })).status).toBe(200);
    expect(await me(token)).toBe(401);
    expect((await signIn(link)).status).toBe(401);
    expect(await loginStatus('kim', password)).toBe(401);
    expect(await loginStatus('kim', 'another password')).toBe(200);
  });
});

describe('the last administrator', () => {
  it('stays one: not removed, not disabled, not made a viewer, by whomever', async () => {
    for (const { username, role } of accountListSchema.parse((await send('GET', users)).body).items)
      if (role === 'admin' && username !== 'admin') await send('DELETE', `${users}/${username}`);
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { role: 'viewer' }],
      ['PATCH', { disabled: true }],
    ] as const) {
      expect((await send(method, `${users}/admin`, body)).status).toBe(409);
      expect((await send('GET', users)).status).toBe(200);
    }
  });

  it('stays one also when two of them take it from each other at once', async () => {
    await make('second', 'admin');
    const pair = { admin: gateway.bearer('admin'), second: bearerOf(await tokenOf('second')) };
    const becomes = (username: 'admin' | 'second', role: string, by: Record<string, string>) =>
      send('PATCH', `${users}/${username}`, { role }, by);
    for (let round = 0; round < 5; round++) {
      const both = await Promise.all([
        becomes('second', 'viewer', pair.admin),
        becomes('admin', 'viewer', pair.second),
      ]);
      expect(both.map(({ status }) => status)).toContain(200);
      const left = (await send('GET', users, undefined, pair.admin)).status === 200 ? 'admin' : 'second';
      const { items } = accountListSchema.parse((await send('GET', users, undefined, pair[left])).body);
      expect(items.filter(({ role }) => role === 'admin').map(({ username }) => username)).toEqual([left]);
      const other = left === 'admin' ? 'second' : 'admin';
      expect((await becomes(other, 'admin', pair[left])).status).toBe(200);
    }
  });
});

describe('sign-in links made by an administrator', () => {
  it('lead in once, to set a password without knowing one', async () => {
    await make('newcomer', 'viewer', {});
    const link = await linkToken('newcomer');
    expect(link.origin).toBe(gateway.url);
    expect(link.pathname).toBe('/sign-in');
    const token = link.hash.replace('#token=', '');
    const admitted = loginResponseSchema.parse((await signIn(token)).body);
    expect(admitted.user).toEqual({ username: 'newcomer', role: 'viewer' });
    expect((await signIn(token)).status).toBe(401);
    const chosen = await send(
      'POST',
      '/api/auth/password',
      { new: 'chosen by me' },
      bearerOf(admitted.accessToken),
    );
    expect(chosen.status).toBe(200);
    expect(await loginStatus('newcomer', 'chosen by me')).toBe(200);
  });

  it('are not for users who may not come in, and not for API tokens to make', async () => {
    await make('away');
    await send('PATCH', `${users}/away`, { disabled: true });
    expect((await send('POST', `${users}/away/sign-in-link`)).status).toBe(409);
    const made = await send('POST', '/api/admin/tokens', { name: 'x', scopes: ['admin'] });
    const { token } = createdApiTokenSchema.parse(made.body);
    for (const [method, path, body] of [
      ['POST', `${users}/admin/sign-in-link`, undefined],
      ['POST', users, { username: 'sleeper', role: 'admin' }],
      ['PATCH', `${users}/admin`, { password: 'of a stranger' }],
      ['DELETE', `${users}/watcher-on-the-wall`, undefined],
    ] as const)
      expect((await send(method, path, body, bearerOf(token))).status).toBe(403);
    expect((await send('GET', users, undefined, bearerOf(token))).status).toBe(200);
  });
});

it('an administrator’s own password is changed by who knows it', async () => {
  expect((await send('PATCH', `${users}/admin`, { password: 'a stranger’s choice' })).status).toBe(409);
  expect(await loginStatus('admin', adminPassword)).toBe(200);
});
