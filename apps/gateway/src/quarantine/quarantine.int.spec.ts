import { quarantineListSchema, quarantineRetryPattern, type QuarantineList } from '@telltale/contracts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.connections.readModel.query(
    `insert into quarantine (sequence, line, file, source, host, path, reason, excerpt)
     select 1000 + n / 2, n % 2, 'codex.' || case when n < 5 then 'atlas' else 'zeus' end || '.f' || n % 3, 'codex',
       case when n < 5 then 'atlas' else 'zeus' end, '/r/' || n, 'not JSON: ' || n, '<script>alert(1)</script>'
     from generate_series(0, 10) n`,
  );
});
afterAll(() => gateway.stop());

const get = (query: string, role: 'admin' | 'viewer' = 'admin') =>
  gateway.fetch(`/api/admin/quarantine${query}`, { headers: gateway.bearer(role) });
const list = async (query: string): Promise<QuarantineList> =>
  quarantineListSchema.parse(await (await get(query)).json());
const retry = (body: object) =>
  gateway.fetch('/api/admin/quarantine/retry', {
    method: 'POST',
    headers: { ...gateway.bearer('admin'), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('is for administrators', async () => {
  expect((await get('', 'viewer')).status).toBe(403);
});

it('tells of every record once, the newest first, page by page', async () => {
  const all = await list('');
  expect(all.total).toBe(11);
  expect(all.items[0]).toMatchObject({
    sequence: 1005,
    line: 0,
    host: 'zeus',
    source: 'codex',
    path: '/r/10',
    reason: 'not JSON: 10',
    excerpt: '<script>alert(1)</script>',
  });
  const paged: QuarantineList['items'] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: QuarantineList = await list(`?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(all.items);
  expect((await list('?host=atlas')).total).toBe(5);
  expect((await list('?file=codex.zeus.f0')).items.map(({ path }) => path)).toEqual(['/r/9', '/r/6']);
  expect(await list('?source=gemini')).toEqual({ items: [], total: 0, nextCursor: null });
  expect((await get('?cursor=nonsense')).status).toBe(400);
  expect((await get('?unknown=1')).status).toBe(400);
});

it('asks ingest to try again, and says so where ingest is not there', async () => {
  const nobody = await retry({});
  expect([nobody.status, nobody.headers.get('retry-after')]).toEqual([503, '5']);
  const asked: unknown[] = [];
  // An ingest that answers in Nest's words.
  const ingest = gateway.connections.nats.subscribe(quarantineRetryPattern, {
    callback: (_, message) => {
      asked.push(message.json<{ data: unknown }>().data);
      message.respond(JSON.stringify({ response: { files: 3 }, isDisposed: true, id: 'x' }));
    },
  });
  await gateway.connections.nats.flush();
  const one = await retry({ file: 'codex.atlas.f0' });
  expect([one.status, await one.json()]).toEqual([202, { files: 3 }]);
  expect((await retry({})).status).toBe(202);
  expect(asked).toEqual([{ file: 'codex.atlas.f0' }, {}]);
  expect((await retry({ files: [] })).status).toBe(400);
  ingest.unsubscribe();
});
