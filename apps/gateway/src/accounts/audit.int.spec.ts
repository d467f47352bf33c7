import { auditListSchema, createdApiTokenSchema, type AuditEntry } from '@telltale/contracts';
import { z } from 'zod';
import { openKey, scopeKey } from './access';
import { AuditTrail } from './audit-trail';
import { auditKey } from './audited';
import { routeHandlersOf, said } from '../testing/route-handlers';
import { bearerOf, sender } from '../testing/send';
import { adminPassword, routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
/** Where it stands still: what is written down is bounded per minute, and each guess takes as long as it takes. */
let stopped: number | undefined;
beforeAll(async () => {
  gateway = await startTestGateway({}, { clock: () => stopped ?? Date.now() });
});
afterAll(() => gateway.stop());

const send = sender(() => gateway);
const trail = async (query = ''): Promise<AuditEntry[]> =>
  auditListSchema.parse((await send('GET', `/api/admin/audit${query}`)).body).items;

it('tells of every action: who, from where, what, to whom, with what outcome', async () => {
  await send('POST', '/api/admin/users', { username: 'ada', role: 'viewer', password: 'planted-password-1' });
  await send('POST', '/api/auth/login', { username: 'ada', password: 'planted-password-1' }, {});
  await send('POST', '/api/auth/login', { username: 'ada', password: 'planted-password-2' }, {});
  await send(
    'POST',
    '/api/auth/login',
    { username: 'planted-password-3', password: 'planted-password-3' },
    {},
  );
  const link = await send('POST', '/api/admin/users/ada/sign-in-link');
  const token = createdApiTokenSchema.parse(
    (await send('POST', '/api/admin/tokens', { name: 'of a robot', scopes: ['admin'] })).body,
  );
  await send('DELETE', '/api/admin/hosts/nowhere', undefined, bearerOf(token.token));
  await send('PATCH', '/api/admin/users/ada', { role: 'admin', password: 'planted-password-4' });
  await send('DELETE', '/api/admin/users/ada', undefined, gateway.bearer('viewer'));
  await send('DELETE', '/api/admin/users/ada');
  await send('DELETE', `/api/admin/tokens/${token.id}`);
  const entries = await trail();
  const told = entries
    .map(({ action, username, target, outcome, status }) => [action, username, target, outcome, status])
    .reverse()
    .slice(2); // the two who signed in when the gateway started
  expect(told).toEqual([
    ['user.made', 'admin', 'ada', 'ok', 201],
    ['auth.login', 'ada', null, 'ok', 200],
    ['auth.login', null, 'ada', 'refused', 401],
    ['auth.login', null, null, 'refused', 401],
    ['user.link-made', 'admin', 'ada', 'ok', 201],
    ['token.made', 'admin', token.id, 'ok', 201],
    ['host.removed', 'admin', 'nowhere', 'refused', 404],
    ['user.changed', 'admin', 'ada', 'ok', 200],
    ['user.removed', 'watcher-on-the-wall', 'ada', 'refused', 403],
    ['user.removed', 'admin', 'ada', 'ok', 204],
    ['token.revoked', 'admin', token.id, 'ok', 204],
  ]);
  expect(entries.find(({ action }) => action === 'host.removed')?.tokenId).toBe(token.id);
  expect(entries.find(({ action }) => action === 'user.changed')?.details).toEqual({
    role: 'admin',
    password: 'new',
  });
  for (const { address, at } of entries) {
    expect(address).toBe('127.0.0.1');
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  }
  const stored = JSON.stringify(await gateway.control.query('select * from control.audit_entry'));
  for (const secret of [
    'planted-password',
    token.token.slice(-43),
    JSON.stringify(link.body).slice(-60, -40),
  ])
    expect(stored).not.toContain(secret);
});

it('tells of it whatever characters were sent along', async () => {
  const { status, body } = await send('POST', '/api/admin/tokens', { name: 'half \ud800', scopes: ['read'] });
  expect(status).toBe(201);
  const { id } = createdApiTokenSchema.parse(body);
  const told = (await trail('?action=token.made')).find(({ target }) => target === id);
  expect(told?.details).toEqual({ name: 'half \ufffd', scopes: ['read'] });
  expect((await send('DELETE', '/api/admin/hosts/x%00y')).status).toBeGreaterThanOrEqual(400);
  expect((await trail('?action=host.removed'))[0]?.target).toBe('x\ufffdy');
});

it('tells which file was to be read again, by its whole name', async () => {
  const file = `/home/${'x'.repeat(600)}.jsonl`;
  expect((await send('POST', '/api/admin/quarantine/retry', { file })).status).toBe(503); // there is no ingest here
  const [told] = await trail('?action=quarantine.retried');
  expect(told).toMatchObject({ target: file, outcome: 'failed', status: 503 });
});

it('is asked where somebody came in from without being read through', async () => {
  const who = 'often-here';
  await gateway.control.query(
    `insert into control.audit_entry (at, username, address, action, outcome, status)
     select now(), $1, '192.0.2.' || n % 50, 'auth.login', 'ok', 200 from generate_series(1, 20000) n`,
    [who],
  );
  await gateway.connections.readModel.query('analyze control.audit_entry');
  const asked = jest.spyOn(gateway.control.logger, 'logQuery');
  expect(await gateway.app.get(AuditTrail).cameIn(who, '203.0.113.7')).toBe(false);
  const [text = '', values] = asked.mock.calls[0] ?? [];
  asked.mockRestore();
  const [row] = z
    .array(z.object({ 'QUERY PLAN': z.unknown() }))
    .parse(
      await gateway.control.query(
        `explain (analyze, format json) ${text}`,
        z.array(z.unknown()).parse(values),
      ),
    );
  const plan = JSON.stringify(row);
  expect(plan).toContain('audit_entry_came_in');
  expect(plan).not.toMatch(/Seq Scan|Rows Removed by Filter":[1-9]/);
});

it('cannot be changed, shortened or emptied', async () => {
  for (const statement of [
    `update control.audit_entry set username = 'somebody'`,
    `update control.audit_entry set username = 'somebody' where id < 0`,
    'delete from control.audit_entry',
    'truncate control.audit_entry',
    'drop table control.audit_entry',
    'drop trigger audit_entry_append_only on control.audit_entry',
  ])
    await expect(gateway.control.query(statement)).rejects.toMatchObject({ code: '42501' });
  // Nor by whoever may do everything, unless on purpose: where one role is used for all.
  for (const statement of ['delete from control.audit_entry where id < 0', 'truncate control.audit_entry'])
    await expect(gateway.connections.readModel.query(statement)).rejects.toThrow('append-only');
});

it('is read page by page, the newest first, by action and by user', async () => {
  for (let n = 0; n < 7; n++) await send('POST', '/api/admin/tokens', { name: `t${n}`, scopes: ['read'] });
  const pages: AuditEntry[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `?action=token.made&user=admin&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = auditListSchema.parse((await send('GET', `/api/admin/audit${query}`)).body);
    pages.push([...page.items]);
    cursor = page.nextCursor;
  }
  const all = pages.flat();
  expect(all.length).toBeGreaterThanOrEqual(7);
  expect(pages.slice(0, -1).every((page) => page.length === 3)).toBe(true);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.map(({ id }) => Number(id))).toEqual(all.map(({ id }) => Number(id)).sort((a, b) => b - a));
  expect(all.every(({ action, username }) => action === 'token.made' && username === 'admin')).toBe(true);
  expect(await trail('?user=nobody')).toEqual([]);
  for (const query of ['?cursor=%00', '?cursor=MTs', '?action=x', '?limit=0', '?who=x', '?user=a&user=b'])
    expect((await send('GET', `/api/admin/audit${query}`)).status).toBe(400);
  expect((await send('GET', '/api/admin/audit', undefined, gateway.bearer('viewer'))).status).toBe(403);
});

it('is not filled by who guesses', async () => {
  const refused = async () =>
    (await trail('?action=auth.login&limit=200')).filter((e) => e.outcome !== 'ok').length;
  const before = await refused();
  stopped = Date.now();
  for (let n = 0; n < 40; n++)
    await send('POST', '/api/auth/login', { username: `guess${n}`, password: 'x' }, {});
  stopped = undefined;
  expect((await refused()) - before).toBeLessThanOrEqual(5);
  // Nor does that hide what somebody tries who is known.
  await send('DELETE', '/api/admin/users/guessed-away', undefined, gateway.bearer('viewer'));
  expect((await trail('?action=user.removed'))[0]).toMatchObject({ target: 'guessed-away', status: 403 });
  const login = await send('POST', '/api/auth/login', { username: 'admin', password: adminPassword }, {});
  expect(login.status).toBe(200);
});

it('has a word for everything that only administrators may do', () => {
  const handlers = routeHandlersOf(gateway);
  const known = new Set(routesOf(gateway).map(({ method, path }) => `${method} ${path}`));
  const unnamed = handlers.filter((route) => {
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(route.method);
    const scope = said(scopeKey, route) ?? (isRead ? 'read' : 'admin');
    return !isRead && !said(openKey, route) && scope === 'admin' && said(auditKey, route) === undefined;
  });
  expect(unnamed.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  expect(handlers.every(({ method, path }) => known.has(`${method} ${path}`))).toBe(true);
  expect(handlers.length).toBeGreaterThan(25);
});
