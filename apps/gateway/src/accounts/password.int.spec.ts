import { createdApiTokenSchema, loginResponseSchema } from '@telltale/contracts';
import { bearerOf, sender } from '../testing/send';
import { login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { issueAccessToken, signingKey } from './access-tokens';
import { Users } from './users';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const send = sender(() => gateway);
const first = 'the first password';
const change = (token: string, body: object) => send('POST', '/api/auth/password', body, bearerOf(token));
const me = async (headers: Record<string, string>) =>
  (await send('GET', '/api/auth/me', undefined, headers)).status;

async function user(username: string): Promise<string> {
  await send('POST', '/api/admin/users', { username, role: 'viewer', password: first });
  return (await login(gateway.url, username, first)).accessToken;
}

it('ends all other sign-ins; this one goes on with the new token and cookie', async () => {
  const token = await user('ada');
  const other = (await login(gateway.url, 'ada', first)).accessToken;
  const changed = await change(token, { current: first, new: 'the second password' });
  expect(changed.status).toBe(200);
  const { accessToken } = loginResponseSchema.parse(changed.body);
  const cookie = changed.headers.getSetCookie()[0] ?? '';
  expect(cookie).toMatch(/; HttpOnly/i);
  expect([await me(bearerOf(token)), await me(bearerOf(other))]).toEqual([401, 401]);
  expect([await me(bearerOf(accessToken)), await me({ cookie: cookie.split(';')[0] ?? '' })]).toEqual([
    200, 200,
  ]);
  const old = await send('POST', '/api/auth/login', { username: 'ada', password: first }, {});
  expect(old.status).toBe(401);
});

it.each([
  [{ current: 'not the password', new: 'long enough for all' }, 'current'],
  [{ new: 'long enough for all' }, 'current'],
  [{ current: first, new: 'short' }, 'new'],
  [{ current: first, new: 'bobbobbobbob' }, 'new'],
  [{ current: first, new: first }, 'new'],
  [{ current: first, new: 'long enough for all', username: 'admin' }, 'username'],
  [{ current: first }, 'new'],
])('%j is refused, naming %s', async (body, field) => {
  const token = await user('bob');
  expect(await change(token, body)).toMatchObject({ status: 400, body: { field } });
  expect(await me(bearerOf(token))).toBe(200);
});

it('is slowed down where the current one is guessed', async () => {
  const token = await user('carol');
  let last = 0;
  for (let tries = 0; tries < 12 && last !== 429; tries++)
    last = (await change(token, { current: `guess ${tries}`, new: 'long enough for all' })).status;
  expect(last).toBe(429);
});

it('needs no current one within an hour of a sign-in link, and no longer', async () => {
  await user('dora');
  const found = await gateway.app.get(Users).find('dora');
  const key = await signingKey(gateway.control);
  const signedIn = {
    user: { username: 'dora', role: 'viewer' as const },
    tokenVersion: found?.tokenVersion ?? 0,
    byLink: true,
  };
  const longAgo = await issueAccessToken(key, signedIn, Date.now() - 61 * 60_000);
  expect(await change(longAgo.accessToken, { new: 'long enough for all' })).toMatchObject({ status: 400 });
  const lately = await issueAccessToken(key, signedIn, Date.now() - 59 * 60_000);
  expect(await change(lately.accessToken, { new: 'long enough for all' })).toMatchObject({ status: 200 });
});

it('is nothing for API tokens', async () => {
  const made = await send('POST', '/api/admin/tokens', { name: 'x', scopes: ['admin'] });
  const { token } = createdApiTokenSchema.parse(made.body);
  expect((await change(token, { current: first, new: 'long enough for all' })).status).toBe(403);
});

it('signing out ends this sign-in, not only its cookie', async () => {
  const token = await user('erin');
  const other = (await login(gateway.url, 'erin', first)).accessToken;
  expect((await send('POST', '/api/auth/logout', undefined, bearerOf(token))).status).toBe(204);
  expect([await me(bearerOf(token)), await me(bearerOf(other))]).toEqual([401, 200]);
  expect((await send('POST', '/api/auth/logout', undefined, bearerOf(token))).status).toBe(401);
});
