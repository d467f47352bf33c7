import { sessionFacetsSchema, sessionListSchema, type SessionFacets } from '@telltale/contracts';
import { putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  const sessions = [
    { id: 'a', source: 'claude-code', host: 'atlas', status: 'running' },
    { id: 'b', source: 'claude-code', host: 'atlas', status: 'idle' },
    { id: 'c', source: 'codex', host: 'ci', status: 'idle' },
    { id: 'no session yet', source: 'gemini', host: 'ci', status: 'idle', startedAt: null },
  ] as const;
  for (const session of sessions) await putSession(gateway.connections.readModel, session);
});
afterAll(() => gateway.stop());

const facets = async (query = ''): Promise<SessionFacets> =>
  sessionFacetsSchema.parse((await gateway.get(`/api/facets${query}`)).body);

it('counts what each choice would show, the most frequent first', async () => {
  expect(await facets()).toEqual({
    source: [
      { key: 'claude-code', count: 2 },
      { key: 'codex', count: 1 },
    ],
    host: [
      { key: 'atlas', count: 2 },
      { key: 'ci', count: 1 },
    ],
    status: [
      { key: 'idle', count: 2 },
      { key: 'running', count: 1 },
    ],
  });
});

it('counts a facet under the other filters, not under its own', async () => {
  const { source, host, status } = await facets('?source=codex');
  expect(source).toHaveLength(2);
  expect(host).toEqual([{ key: 'ci', count: 1 }]);
  expect(status).toEqual([{ key: 'idle', count: 1 }]);
  expect((await facets('?host=atlas&status=active')).source).toEqual([{ key: 'claude-code', count: 1 }]);
});

it('answers 304 where nothing has changed, and 400 to what it does not know', async () => {
  const { etag } = await gateway.get('/api/facets');
  const headers = { ...gateway.bearer(), 'if-none-match': etag ?? '' };
  expect((await gateway.fetch('/api/facets', { headers })).status).toBe(304);
  expect((await gateway.fetch('/api/facets?host=ci', { headers })).status).toBe(200);
  expect((await gateway.get('/api/facets?limit=3')).status).toBe(400);
});

it('finds the child sessions of one', async () => {
  await putSession(gateway.connections.readModel, { id: 'child', source: 'opencode', parentId: 'a' });
  const { body } = await gateway.get('/api/sessions?parent=a');
  expect(sessionListSchema.parse(body).items.map(({ id }) => id)).toEqual(['child']);
});
