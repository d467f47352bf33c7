import { budgetListSchema, problemSchema } from '@telltale/contracts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { BudgetClient } from './testing/budget-client';
import { SpendingFleet } from './testing/spending-fleet';
import { zoneAtNoon, zoneFarFromMidnight } from './testing/times';

let gateway: TestGateway;
let client: BudgetClient;
let fleet: SpendingFleet;
beforeAll(async () => {
  gateway = await startTestGateway();
  client = new BudgetClient(gateway);
  fleet = new SpendingFleet(gateway.connections);
});
afterAll(() => gateway.stop());

const fieldOf = async (response: Response): Promise<string> => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return problemSchema.parse(await response.json()).field ?? '';
};

describe('the set of budgets', () => {
  it('is empty at first, and answers with an ETag that is no promise about state', async () => {
    const response = await gateway.fetch('/api/budgets', { headers: gateway.bearer() });
    expect(await response.json()).toEqual({ items: [] });
    expect(response.headers.get('etag')).toMatch(/^"\d+"$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is replaced as a whole, keeps ids, and gives what was left out', async () => {
    const [first, second] = await client.set([
      { scope: 'session', limitUsd: 5 },
      { scope: 'month', key: '/srv/api', limitUsd: 200, thresholds: [0.5, 0.9, 1.5], tz: 'Europe/Berlin' },
    ]);
    expect(first).toMatchObject({ scope: 'session', limitUsd: 5, thresholds: [0.8, 1] });
    expect(first).not.toHaveProperty('tz');
    expect(second).toMatchObject({ key: '/srv/api', tz: 'Europe/Berlin', state: { spentUsd: 0, share: 0 } });
    // What GET gives can be put back as it is, in another order.
    const again = await client.set([...(await client.list())].reverse());
    expect(again.map(({ id }) => id)).toEqual([second?.id, first?.id]);
    const [kept, made] = await client.set([
      { ...second, limitUsd: 0.1 },
      { id: 'my-own_1', scope: 'day', limitUsd: 1 },
    ]);
    expect([kept?.id, kept?.limitUsd, made?.id, made?.tz]).toEqual([second?.id, 0.1, 'my-own_1', 'UTC']);
    expect(await client.set([])).toEqual([]);
  });

  it('is not replaced by who read another one', async () => {
    const put = (items: object[], ifMatch: string) => client.put(items, { 'if-match': ifMatch });
    const read = await gateway.fetch('/api/budgets', { headers: gateway.bearer() });
    const tag = read.headers.get('etag') ?? '';
    const answers = await Promise.all([1, 2, 3, 4].map((limitUsd) => put([{ scope: 'day', limitUsd }], tag)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await client.list()).toEqual(budgetListSchema.parse(await winner?.json()).items);
    const newTag = winner?.headers.get('etag') ?? '';
    expect(newTag).not.toBe(tag);
    expect((await put([], tag)).status).toBe(412);
    expect((await put([], 'W/"1"')).status).toBe(412);
    expect((await put([], `"0", ${newTag}`)).status).toBe(200);
    expect((await put([], '*')).status).toBe(200);
  });

  it('is for administrators to change', async () => {
    expect((await client.put([], {}, 'viewer')).status).toBe(403);
    expect((await gateway.fetch('/api/budgets', { method: 'PUT' })).status).toBe(401);
    expect((await gateway.fetch('/api/budgets')).status).toBe(401);
    expect((await gateway.fetch('/api/alerts')).status).toBe(401);
  });

  const day = { scope: 'day', limitUsd: 1 };
  it.each<[string, unknown, string]>([
    ['no JSON', '{', ''],
    ['no items', '{}', 'items'],
    ['a list', '[]', ''],
    ['null', 'null', ''],
    ['an unknown field', '{"items":[],"budgets":[]}', 'budgets'],
    ['an item that is none', [1], 'items.0'],
    ['an unknown field of an item', [{ ...day, limit: 1 }], 'limit'],
    ['another scope', [{ ...day, scope: 'week' }], 'items.0.scope'],
    ['no limit', [{ scope: 'day' }], 'items.0.limitUsd'],
    ['no limit at all', '{"items":[{"scope":"day","limitUsd":1e999}]}', 'items.0.limitUsd'],
    ['a limit of nothing', [{ ...day, limitUsd: 0 }], 'items.0.limitUsd'],
    ['a limit below nothing', [{ ...day, limitUsd: -1 }], 'items.0.limitUsd'],
    ['a limit in words', [{ ...day, limitUsd: '5' }], 'items.0.limitUsd'],
    ['no threshold', [{ ...day, thresholds: [] }], 'items.0.thresholds'],
    [
      'too many thresholds',
      [{ ...day, thresholds: Array.from({ length: 11 }, (_, n) => n + 1) }],
      'items.0.thresholds',
    ],
    ['thresholds that fall', [{ ...day, thresholds: [1, 0.8] }], 'items.0.thresholds'],
    ['a threshold twice', [{ ...day, thresholds: [1, 1] }], 'items.0.thresholds'],
    ['a threshold of nothing', [{ ...day, thresholds: [0, 1] }], 'items.0.thresholds.0'],
    ['a threshold above ten', [{ ...day, thresholds: [10.1] }], 'items.0.thresholds.0'],
    ['an empty key', [{ ...day, key: '' }], 'items.0.key'],
    ['a NUL', [{ ...day, key: 'a\0b' }], 'items.0.key'],
    ['half a character', '{"items":[{"scope":"day","limitUsd":1,"key":"\\ud800"}]}', 'items.0.key'],
    ['a key of a megabyte', [{ ...day, key: 'x'.repeat(2001) }], 'items.0.key'],
    ['an id with a space', [{ ...day, id: 'a b' }], 'items.0.id'],
    [
      'an id twice',
      [
        { ...day, id: 'a' },
        { ...day, id: 'a' },
      ],
      'items.1.id',
    ],
    ['no time zone', [{ ...day, tz: 'Mars/Olympus' }], 'items.0.tz'],
    ['an offset', [{ ...day, tz: '+02:00' }], 'items.0.tz'],
    ['a time zone of a session', [{ scope: 'session', limitUsd: 1, tz: 'UTC' }], 'items.0.tz'],
    ['too many', Array.from({ length: 101 }, () => day), 'items'],
    ['a prototype', '{"items":[{"scope":"day","limitUsd":1,"__proto__":{"a":1}}]}', '__proto__'],
  ])('takes nothing of a body with %s', async (_, body, field) => {
    const before = await client.list();
    const response = await client.put(body);
    expect(response.status).toBe(400);
    expect(await fieldOf(response)).toBe(field);
    expect(await client.list()).toEqual(before);
  });
});

describe('where a budget stands', () => {
  it('is told of sessions, projects, days and months, exactly', async () => {
    const now = Date.now();
    const hourMs = 3_600_000;
    const tz = zoneAtNoon();
    const odd = zoneFarFromMidnight(
      { tz: 'Asia/Kathmandu', aheadMs: 5.75 * hourMs },
      { tz: 'Australia/Eucla', aheadMs: 8.75 * hourMs },
    );
    await fleet.spend('a', 3, { at: now, project: '/p/1' });
    await fleet.spend('a', 40, { at: now - 40 * 24 * hourMs, project: '/p/1' });
    await fleet.spend('b', 0.5, { at: now, project: '/p/1' });
    await fleet.spend('c', 7, { at: now, project: '/p/2' });
    await fleet.spend('free', 0, { at: now, project: '/p/2', unpriced: true });
    const items = await client.set([
      { scope: 'session', key: 'a', limitUsd: 86 },
      { scope: 'session', key: 'free', limitUsd: 1 },
      { scope: 'session', key: 'nobody', limitUsd: 1 },
      { scope: 'session', limitUsd: 100 },
      { scope: 'project', key: '/p/1', limitUsd: 87 },
      { scope: 'project', key: '/p/2', limitUsd: 14 },
      { scope: 'day', limitUsd: 21, tz: odd.tz },
      { scope: 'day', key: '/p/1', limitUsd: 7, tz },
      { scope: 'month', key: '/p/2', limitUsd: 70, tz },
    ]);
    const told = items.map(({ state: { spentUsd, share, unpriced, key } }) => [
      key,
      spentUsd,
      share,
      unpriced,
    ]);
    expect(told).toEqual([
      ['a', 43, 0.5, false],
      ['free', null, null, true],
      ['nobody', 0, 0, false],
      [null, 0, 0, false], // nothing happened in any since the budget was made
      ['/p/1', 43.5, 0.5, false],
      ['/p/2', 7, 0.5, true],
      [null, 10.5, 0.5, true],
      ['/p/1', 3.5, 0.5, false],
      ['/p/2', 7, 0.1, true],
    ]);
    const { from, to, key } = items[6]?.state.period ?? { from: '', to: '', key: '' };
    expect(Date.parse(to) - Date.parse(from)).toBe(24 * hourMs);
    expect((Date.parse(from) + odd.aheadMs) % (24 * hourMs)).toBe(0);
    expect(key).toBe(new Date(now + odd.aheadMs).toISOString().slice(0, 10));
    expect(items[0]?.state.period).toBeNull();
  });

  it('tells of budgets for each one where the dearest stands', async () => {
    const [session, project] = await client.set([
      { scope: 'session', limitUsd: 100 },
      { scope: 'project', limitUsd: 100 },
    ]);
    const later = Date.now() + 60_000;
    await fleet.spend('d', 20, { at: later, project: '/p/3' });
    await fleet.spend('e', 30, { at: later, project: '/p/4' });
    await fleet.spend('f', 15, { at: later, project: '/p/3' });
    expect((await client.list()).map(({ id, state }) => [id, state.key, state.spentUsd])).toEqual([
      [session?.id, 'e', 30],
      [project?.id, '/p/3', 35],
    ]);
  });

  it('agrees with the analytics of the same day', async () => {
    const [day] = await client.set([{ scope: 'day', limitUsd: 1, tz: 'America/New_York' }]);
    const { key } = day?.state.period ?? { key: '' };
    const { body } = await gateway.get('/api/analytics/summary?groupBy=day&tz=America/New_York');
    const { groups } = body as { groups: { key: string; costUsd: number }[] };
    expect(day?.state.spentUsd).toBe(groups.find((group) => group.key === key)?.costUsd);
  });
});
