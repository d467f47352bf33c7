import { loginResponseSchema, problemSchema, userSchema } from '@telltale/contracts';
import { adminPassword, login, routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { UserEntity } from '../database/user.entity';
import { accessTokenDays, issueAccessToken, signingKey } from './access-tokens';
import { hashPassword } from './passwords';
import { createSignInToken, signInLinkMinutes } from './sign-in-links';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ allowedOrigins: ['https://tools.example.org'] });
});
afterAll(() => gateway.stop());

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });

describe('login', () => {
  it('gives a token and an httpOnly, SameSite=Strict cookie, and both tell who it is', async () => {
    const response = await post('/api/auth/login', { username: 'admin', password: adminPassword });
    expect(response.status).toBe(200);
    const { accessToken, expiresAt, user } = loginResponseSchema.parse(await response.json());
    expect(user).toEqual({ username: 'admin', role: 'admin' });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const cookie = response.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Strict/i);
    const credentials: Record<string, string>[] = [
      { authorization: `Bearer ${accessToken}` },
      { cookie: cookie.split(';')[0] ?? '' },
    ];
    for (const headers of credentials) {
      const me = await gateway.fetch('/api/auth/me', { headers });
      expect(userSchema.parse(await me.json())).toEqual(user);
    }
  });

  it('answers a wrong password and an unknown name alike', async () => {
    const wrong = await post('/api/auth/login', { username: 'admin', password: 'nope' });
    const unknown = await post('/api/auth/login', { username: 'nobody', password: 'nope' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  it('says which field is at fault', async () => {
    const response = await post('/api/auth/login', { username: 'admin' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(problemSchema.parse(await response.json())).toMatchObject({ status: 400, field: 'password' });
  });

  it('refuses a body that is no JSON without a stack trace', async () => {
    const response = await gateway.fetch('/api/auth/login', {
      method: 'POST',
      headers: json,
      body: '{"username":',
    });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(problemSchema.parse(JSON.parse(text)).status).toBe(400);
    expect(text).not.toMatch(/\bat .*\.(js|ts):\d/);
  });

  it('slows down who guesses, and lets others in meanwhile', async () => {
    const guess = () => post('/api/auth/login', { username: 'victim', password: 'guess' });
    let last = await guess();
    for (let tries = 0; last.status === 401 && tries < 20; tries++) last = await guess();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(gateway.url, 'admin', adminPassword)).user.username).toBe('admin');
  });
});

describe('sign-in links', () => {
  it('let in once', async () => {
    const token = await createSignInToken(gateway.control, 'admin');
    const attempts = await Promise.all([1, 2, 3].map(() => post('/api/auth/sign-in', { token })));
    expect(attempts.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    const admitted = attempts.find(({ status }) => status === 200);
    expect(loginResponseSchema.parse(await admitted?.json()).user.username).toBe('admin');
  });

  it('expire', async () => {
    const longAgo = Date.now() - (signInLinkMinutes + 1) * 60_000;
    const token = await createSignInToken(gateway.control, 'admin', longAgo);
    expect((await post('/api/auth/sign-in', { token })).status).toBe(401);
  });

  it('are not kept as they are', async () => {
    const token = await createSignInToken(gateway.control, 'admin');
    const stored: unknown = await gateway.control.query('select * from control.sign_in_token');
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe('tokens', () => {
  const me = (token: string) =>
    gateway.fetch('/api/auth/me', { headers: { authorization: `Bearer ${token}` } });

  it('are refused when they were changed', async () => {
    const { accessToken } = await login(gateway.url, 'admin', adminPassword);
    const [header, claims, signature] = accessToken.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decoded(claims), sub: 'somebody' })).toString('base64url');
    const response = await me([header, forged, signature].join('.'));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('are refused when they have expired', async () => {
    const key = await signingKey(gateway.control);
    const user = { username: 'admin', role: 'admin' } as const;
    const { tokenVersion } = await gateway.control
      .getRepository(UserEntity)
      .findOneByOrFail({ username: 'admin' });
    const issue = (at: number) =>
      issueAccessToken(key, { user, tokenVersion }, at).then(({ accessToken }) => accessToken);
    expect((await me(await issue(Date.now()))).status).toBe(200);
    expect((await me(await issue(Date.now() - (accessTokenDays * 86_400 + 60) * 1000))).status).toBe(401);
  });

  it('are refused when the user is gone, or signs out everywhere', async () => {
    const users = gateway.control.getRepository(UserEntity);
    const passwordHash = await hashPassword(adminPassword);
    for (const username of ['gone', 'elsewhere'])
      await users.insert({ username, role: 'viewer', passwordHash });
    const gone = await login(gateway.url, 'gone', adminPassword);
    const elsewhere = await login(gateway.url, 'elsewhere', adminPassword);
    await users.delete({ username: 'gone' });
    await users.update({ username: 'elsewhere' }, { tokenVersion: 2 });
    expect((await me(gone.accessToken)).status).toBe(401);
    expect((await me(elsewhere.accessToken)).status).toBe(401);
  });

  it('do not fall back to the cookie when the header is wrong', async () => {
    const { accessToken } = await login(gateway.url, 'admin', adminPassword);
    const headers = { authorization: 'Bearer nonsense', cookie: `telltale_0=${accessToken}` };
    expect((await gateway.fetch('/api/auth/me', { headers })).status).toBe(401);
  });

  it('are not taken from the query of a REST request', async () => {
    const { accessToken } = await login(gateway.url, 'admin', adminPassword);
    expect((await gateway.fetch(`/api/auth/me?access_token=${accessToken}`)).status).toBe(401);
  });
});

describe('logout', () => {
  it('removes the cookie', async () => {
    const response = await post('/api/auth/logout', {}, gateway.bearer());
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^telltale_0=;/);
  });
});

describe('foreign pages', () => {
  it('cannot change anything', async () => {
    const body = { username: 'admin', password: adminPassword };
    const status = async (headers: Record<string, string>) =>
      (await post('/api/auth/login', body, headers)).status;
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ origin: gateway.url })).toBe(200);
    expect(await status({ origin: 'https://tools.example.org' })).toBe(200);
  });
});

describe('every route', () => {
  it('needs a user, but for the open ones', async () => {
    const open = new Set([
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'POST /api/auth/login',
      'POST /api/auth/sign-in',
    ]);
    const routes = routesOf(gateway);
    expect(routes.length).toBeGreaterThan(12);
    for (const { method, path } of routes) {
      const response = await gateway.fetch(path.replaceAll(/:\w+/g, 'x'), { method });
      const expected = open.has(`${method} ${path}`) ? 'open' : 'closed';
      expect({
        method,
        path,
        is: response.status === 401 && (await isSignInFirst(response)) ? 'closed' : 'open',
      }).toEqual({
        method,
        path,
        is: expected,
      });
    }
  });

  it('is not reached under a foreign host name', async () => {
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((done, fail) => {
      request(
        `${gateway.url}/api/sessions`,
        { headers: { ...gateway.bearer(), host: 'evil.example' } },
        (response) => {
          response.resume();
          done(response.statusCode);
        },
      )
        .once('error', fail)
        .end();
    });
    expect(status).toBe(421);
  });
});

function decoded(claims: string | undefined): object {
  return JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) as object;
}

async function isSignInFirst(response: Response): Promise<boolean> {
  return JSON.stringify(await response.json()).includes('Sign in first');
}
