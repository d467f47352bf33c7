import { comparisonSchema, problemSchema } from '@telltale/contracts';
import { putSession, stats } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
const pool = () => gateway.connections.readModel;

beforeAll(async () => {
  gateway = await startTestGateway();
  await putSession(pool(), { id: 'a', stats: stats({ messages: 4, costUsd: 2, errors: 1 }) });
  await putSession(pool(), { id: 'run 1,2@atlas', stats: stats({ messages: 2, costUsd: 0.5 }) });
  await putSession(pool(), { id: 'c', stats: stats({ messages: 1, costUsd: null, unpricedModels: ['x'] }) });
  await putSession(pool(), { id: 'd', stats: stats() });
  await putSession(pool(), { id: 'waits', startedAt: null });
});
afterAll(() => gateway?.stop());

const compare = (query: string) => gateway.get(`/api/compare?${query}`);

it('puts sessions side by side in the order asked for', async () => {
  const { status, body } = await compare('ids=c,a,d');
  expect(status).toBe(200);
  const { sessions, rows } = comparisonSchema.parse(body);
  expect(sessions.map(({ id }) => id)).toEqual(['c', 'a', 'd']);
  const single = (await gateway.get('/api/sessions/a')).body as object;
  expect(single).toMatchObject({ ...sessions[1] });
  expect(rows.find(({ figure }) => figure === 'messages')).toEqual({
    figure: 'messages',
    values: [1, 4, 0],
    best: null,
  });
  expect(rows.find(({ figure }) => figure === 'costUsd')).toEqual({
    figure: 'costUsd',
    values: [null, 2, 0],
    best: 2,
  });
});

it('takes ids with a comma one by one', async () => {
  const { body } = await compare(`ids=a&ids=${encodeURIComponent('run 1,2@atlas')}`);
  const { sessions } = comparisonSchema.parse(body);
  expect(sessions.map(({ id }) => id)).toEqual(['a', 'run 1,2@atlas']);
});

it.each([
  ['', 400, 'ids'],
  ['ids=a', 400, 'ids'],
  ['ids=a,a', 400, 'ids'],
  ['ids=a,b,c,d,e', 400, 'ids'],
  ['ids=a&ids=b&ids=c&ids=d&ids=e', 400, 'ids'],
  ['ids=a,', 400, 'ids.1'],
  ['ids[x]=a', 400, 'ids'],
  ['ids=a,d&id=3', 400, 'id'],
  ['ids=a,nobody,d', 404, 'ids'],
  ['ids=a,waits', 404, 'ids'],
])('refuses %s', async (query, status, field) => {
  const { body } = await compare(query);
  const problem = problemSchema.parse(body);
  expect(problem).toMatchObject({ status, field });
  if (status === 404) expect(problem.detail).toMatch(/"(nobody|waits)"/);
});
