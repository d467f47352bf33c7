import { createdApiTokenSchema, type TokenScope } from '@telltale/contracts';
import { ApiTokenEntity } from '../database/api-token.entity';
import { UserEntity } from '../database/user.entity';
import { routesOf, startTestGateway, type Route, type TestGateway } from '../testing/test-gateway';
import { issueAccessToken, signingKey } from './access-tokens';
import { hashPassword } from './passwords';

/** What a route answers to a credential, before it looks at anything else. */
type Verdict = 401 | 403 | 'let in';
type Need = 'open' | 'any' | TokenScope;

const needs: Record<string, Need> = {
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'open',
  'POST /api/auth/login': 'open',
  'POST /api/auth/sign-in': 'open',
  'POST /api/auth/logout': 'any',
  'GET /api/auth/me': 'any',
  'POST /api/sessions': 'push',
  'POST /api/sessions/:id/chat': 'push',
  'POST /api/sessions/:id/end': 'push',
};

/** All else: reading needs `read`, but below admin; changing needs `admin`. */
function needOf({ method, path }: Route): Need {
  const told = needs[`${method} ${path}`];
  if (told !== undefined) return told;
  return method === 'GET' && !path.startsWith('/api/admin/') ? 'read' : 'admin';
}

function verdictOn(need: Need, scopes: readonly TokenScope[] | undefined): Verdict {
  if (need === 'open') return 'let in';
  if (scopes === undefined) return 401;
  return need === 'any' || scopes.includes('admin') || scopes.includes(need) ? 'let in' : 403;
}

interface Caller {
  readonly who: string;
  readonly headers: Record<string, string>;
  /** Undefined: nobody. */
  readonly scopes?: readonly TokenScope[];
  readonly query?: string;
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function tokenOf(scopes: TokenScope[], changes: Partial<ApiTokenEntity> = {}): Promise<string> {
  const response = await gateway.fetch('/api/admin/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({ name: 'matrix', scopes }),
  });
  const { id, token } = createdApiTokenSchema.parse(await response.json());
  if (Object.keys(changes).length > 0)
    await gateway.control.getRepository(ApiTokenEntity).update({ id }, changes);
  return token;
}

async function madeBy(username: string, role: 'admin' | 'viewer' | undefined): Promise<string> {
  const users = gateway.control.getRepository(UserEntity);
  await users.insert({ username, role: 'admin', passwordHash: await hashPassword('of some length') });
  const token = await tokenOf(['admin'], { username });
  if (role === undefined) await users.delete({ username });
  else await users.update({ username }, { role });
  return token;
}

async function callers(): Promise<Caller[]> {
  const admin = gateway.bearer('admin')['authorization'] ?? '';
  const signed = admin.replace('Bearer ', '');
  const [, claims] = signed.split('.');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims ?? ''}.`;
  const otherKey = await issueAccessToken(
    new Uint8Array(32),
    { username: 'admin', role: 'admin' },
    1,
    Date.now(),
  );
  const late = await issueAccessToken(
    await signingKey(gateway.control),
    { username: 'admin', role: 'admin' },
    1,
    0,
  );
  const viewer = gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';
  const read = await tokenOf(['read']);
  const revoked = await tokenOf(['admin']);
  await gateway.control.getRepository(ApiTokenEntity).delete({ id: revoked.split('_')[1] ?? '' });
  return [
    { who: 'nobody', headers: {} },
    { who: 'a token in the query', headers: {}, query: `?access_token=${signed}` },
    { who: 'an API token in the query', headers: {}, query: `?access_token=${await tokenOf(['admin'])}` },
    { who: 'no bearer', headers: { authorization: `Basic ${btoa('admin:correct horse battery staple')}` } },
    { who: 'an empty bearer', headers: { authorization: 'Bearer' } },
    { who: 'two bearers', headers: { authorization: `Bearer ${signed} ${signed}` } },
    { who: 'no token', headers: bearer('tt_x') },
    { who: 'a cut token', headers: bearer(read.slice(0, -1)) },
    { who: 'a longer token', headers: bearer(`${read}A`) },
    { who: 'an unsigned token', headers: bearer(unsigned) },
    { who: 'a token of another key', headers: bearer(otherKey.accessToken) },
    { who: 'an expired user', headers: bearer(late.accessToken) },
    { who: 'a bad header and a good cookie', headers: { ...bearer('x'), cookie: `telltale_0=${signed}` } },
    { who: 'another gateway’s cookie', headers: { cookie: `telltale_4400=${signed}; telltale=${signed}` } },
    { who: 'a revoked token', headers: bearer(revoked) },
    { who: 'an expired token', headers: bearer(await tokenOf(['admin'], { expiresAt: new Date(1) })) },
    { who: 'a token whose maker is gone', headers: bearer(await madeBy('gone', undefined)) },
    {
      who: 'a token whose maker is a viewer now',
      headers: bearer(await madeBy('demoted', 'viewer')),
      scopes: ['read'],
    },
    { who: 'a viewer', headers: bearer(viewer), scopes: ['read'] },
    { who: 'a viewer’s cookie', headers: { cookie: `telltale_0=${viewer}` }, scopes: ['read'] },
    { who: 'an administrator', headers: { authorization: admin }, scopes: ['admin'] },
    { who: 'an administrator’s cookie', headers: { cookie: `telltale_0=${signed}` }, scopes: ['admin'] },
    { who: 'a reading token', headers: bearer(read), scopes: ['read'] },
    { who: 'a reading token as a cookie', headers: { cookie: `telltale_0=${read}` }, scopes: ['read'] },
    { who: 'a pushing token', headers: bearer(await tokenOf(['push'])), scopes: ['push'] },
    { who: 'a token for both', headers: bearer(await tokenOf(['read', 'push'])), scopes: ['read', 'push'] },
    { who: 'an administrating token', headers: bearer(await tokenOf(['admin'])), scopes: ['admin'] },
  ];
}

async function verdict({ method, path }: Route, { headers, query = '' }: Caller): Promise<Verdict> {
  const response = await gateway.fetch(path.replaceAll(/:\w+/g, 'x') + query, { method, headers });
  const text = await response.text();
  expect(text).not.toMatch(/\bat .*\.(js|ts):\d/);
  if (response.status === 403) return 403;
  // Who comes with no good name or link is refused by the open routes themselves.
  return response.status === 401 && !text.includes('or password') ? 401 : 'let in';
}

it('lets in who may, says 403 to who may not and 401 to nobody, on every route', async () => {
  const all = [
    ...routesOf(gateway),
    ...['/api/docs', '/api/docs/', '/api/docs/swagger-ui.css', '/api/docs-yaml'].map((path) => ({
      method: 'GET',
      path,
    })),
  ];
  expect(all.length).toBeGreaterThan(25);
  const wrong: unknown[] = [];
  for (const caller of await callers()) {
    const check = async (route: Route) => {
      const expected = verdictOn(needOf(route), caller.scopes);
      const given = await verdict(route, caller);
      if (given !== expected) wrong.push([caller.who, route.method, route.path, { expected, given }]);
    };
    await Promise.all(all.map(check));
  }
  expect(wrong).toEqual([]);
});

it('says the same of what is there and of what is not to who may not know', async () => {
  const { headers } = { headers: bearer(await tokenOf(['read'])) };
  const id = (await tokenOf(['push'])).split('_')[1] ?? '';
  const answers = await Promise.all(
    [id, 'nobody', '..%2f', '%00'].map(async (each) => {
      const response = await gateway.fetch(`/api/admin/tokens/${each}`, { method: 'DELETE', headers });
      return [response.status, await response.text()];
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(403);
});
