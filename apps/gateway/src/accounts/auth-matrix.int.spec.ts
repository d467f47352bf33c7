import type { TokenScope } from '@telltale/contracts';
import { apiTokenOf, callersOf, type Caller } from '../testing/callers';
import { bearerOf } from '../testing/send';
import { routesOf, startTestGateway, type Route, type TestGateway } from '../testing/test-gateway';

/** What a route answers to a credential, before it looks at anything else. */
type Verdict = 401 | 403 | 'let in';
/** `person…`: of somebody who signed in, not of an API token. */
type Need = 'open' | 'any' | TokenScope | 'person' | 'person, admin';

/** What each route needs. One that is not listed here fails the test: say what it needs, and see that it does. */
const needs: Record<string, Need> = {
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'open',
  'POST /api/auth/login': 'open',
  'POST /api/auth/sign-in': 'open',
  'POST /api/auth/logout': 'person',
  'GET /api/auth/me': 'any',
  'POST /api/auth/password': 'person',
  'GET /api/admin/users': 'admin',
  'POST /api/admin/users': 'person, admin',
  'PATCH /api/admin/users/:username': 'person, admin',
  'DELETE /api/admin/users/:username': 'person, admin',
  'POST /api/admin/users/:username/sign-in-link': 'person, admin',
  'GET /api/admin/tokens': 'admin',
  'POST /api/admin/tokens': 'admin',
  'DELETE /api/admin/tokens/:id': 'admin',
  'GET /api/admin/audit': 'admin',
  'GET /api/admin/hosts': 'admin',
  'DELETE /api/admin/hosts/:host': 'admin',
  'DELETE /api/sessions/:id': 'admin',
  'GET /api/admin/quarantine': 'admin',
  'POST /api/admin/quarantine/retry': 'admin',
  'GET /api/sessions': 'read',
  'GET /api/sessions/:id': 'read',
  'GET /api/sessions/:id/messages': 'read',
  'GET /api/sessions/:id/timeline': 'read',
  'GET /api/sessions/:id/tools': 'read',
  'GET /api/sessions/:id/objectives': 'read',
  'GET /api/sessions/:id/agents': 'read',
  'GET /api/sessions/:id/screenshots': 'read',
  'GET /api/screenshots/:id': 'read',
  'GET /api/facets': 'read',
  'GET /api/analytics/summary': 'read',
  'GET /api/pipeline': 'read',
  'GET /api/docs': 'read',
  'GET /api/docs/': 'read',
  'GET /api/docs-json': 'read',
  'GET /api/docs-yaml': 'read',
  'GET /api/docs/swagger-ui-init.js': 'read',
  'GET /api/docs/docs/swagger-ui-init.js': 'read',
  'GET /api/docs/index.html': 'read',
  'GET /api/docs/LICENSE': 'read',
  'GET /api/compare': 'read',
  'GET /api/admin/sessions': 'admin',
  'GET /api/alerts': 'read',
  'GET /api/budgets': 'read',
  'PUT /api/budgets': 'admin',
  'GET /api/claude-sessions/all': 'read',
  'GET /api/claude-sessions/stream': 'read',
  'POST /api/claude-sessions/refresh': 'read',
  'GET /api/export/sessions': 'read',
  'GET /api/search': 'read',
  'GET /api/sessions/:id/export': 'read',
  'GET /api/sessions/:id/state': 'read',
  'GET /api/sessions/watch': 'read',
  'GET /api/v1/analytics/session/live': 'read',
  'GET /api/v1/analytics/stats/live': 'read',
  'GET /api/asyncapi': 'read',
  'GET /api/sessions/:id/provenance': 'read',
  'POST /api/sessions': 'push',
  'POST /api/sessions/:id/chat': 'push',
  'POST /api/sessions/:id/end': 'push',
};

/** Where browsers cannot send headers of their own (EventSource), the token may stand in the address; nowhere else. */
const inQuery = new Set(['GET /api/sessions/watch', 'GET /api/claude-sessions/stream']);

function verdictOn(need: Need, { scopes, isToken }: Caller): Verdict {
  if (need === 'open') return 'let in';
  if (scopes === undefined) return 401;
  if (need.startsWith('person') && isToken) return 403;
  const scope = need === 'person, admin' ? 'admin' : need;
  if (scope === 'any' || scope === 'person') return 'let in';
  return scopes.some((held) => held === 'admin' || held === scope) ? 'let in' : 403;
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** A stream that stays open has let its caller in. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  await response.body?.cancel();
  return '';
}

async function verdict({ method, path }: Route, { headers, query = '' }: Caller): Promise<Verdict> {
  const response = await gateway.fetch(path.replaceAll(/:\w+/g, 'x') + query, { method, headers });
  const text = await textOf(response);
  expect(text).not.toMatch(/\bat .*\.(js|ts):\d/);
  if (response.status === 403) return 403;
  // Who comes with no good name or link is refused by the open routes themselves.
  return response.status === 401 && !text.includes('or password') ? 401 : 'let in';
}

it('knows what every route needs, and of no route that is gone', () => {
  const there = routesOf(gateway).map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(there)].sort()).toEqual(Object.keys(needs).sort());
});

it('lets in who may, says 403 to who may not and 401 to nobody, on every route', async () => {
  const wrong: unknown[] = [];
  const signOut = '/api/auth/logout';
  for (const caller of await callersOf(gateway)) {
    const check = async (route: Route) => {
      const name = `${route.method} ${route.path}`;
      const expected =
        caller.query !== undefined && inQuery.has(name) ? 'let in' : verdictOn(needs[name] ?? 'open', caller);
      const given = await verdict(route, caller);
      if (given !== expected) wrong.push([caller.who, route.method, route.path, { expected, given }]);
    };
    const all = routesOf(gateway).filter(({ method, path }) => `${method} ${path}` in needs);
    await Promise.all(all.filter(({ path }) => path !== signOut).map(check));
    await Promise.all(all.filter(({ path }) => path === signOut).map(check)); // last: it ends the sign-in
  }
  expect(wrong).toEqual([]);
});

it('says the same of what is there and of what is not to who may not know', async () => {
  const { headers } = { headers: bearerOf(await apiTokenOf(gateway, ['read'])) };
  const id = (await apiTokenOf(gateway, ['push'])).split('_')[1] ?? '';
  const answers = await Promise.all(
    [id, 'nobody', '..%2f', '%00'].map(async (each) => {
      const response = await gateway.fetch(`/api/admin/tokens/${each}`, { method: 'DELETE', headers });
      return [response.status, await response.text()];
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(403);
});
