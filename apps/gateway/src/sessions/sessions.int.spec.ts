import {
  agentListSchema,
  objectiveListSchema,
  problemSchema,
  sessionListSchema,
  sessionSchema,
  toolListSchema,
  type SessionList,
} from '@telltale/contracts';
import { z } from 'zod';
import { noTokens, putSession, stats } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { encodeCursor } from './cursor';

let gateway: TestGateway;
const pool = () => gateway.connections.readModel;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => pool().query('truncate session'));

const list = async (query = ''): Promise<SessionList> => {
  const { status, body } = await gateway.get(`/api/sessions${query}`);
  expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
  return sessionListSchema.parse(body);
};
const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);
const problem = async (path: string) => {
  const { status, body } = await gateway.get(path);
  return problemSchema.extend({ status: z.literal(status) }).parse(body);
};
const hour = (h: number) => `2026-03-01T${String(h).padStart(2, '0')}:00:00.000Z`;

describe('the list', () => {
  it('gives sessions by last activity, newest first, as they are stored', async () => {
    await putSession(pool(), { id: 'old', lastActivityAt: hour(9), revision: 7 });
    await putSession(pool(), { id: 'new', lastActivityAt: hour(12) });
    const { items, total, nextCursor } = await list();
    expect(items.map(({ id }) => id)).toEqual(['new', 'old']);
    expect({ total, nextCursor }).toEqual({ total: 2, nextCursor: null });
    expect(items[1]?.revision).toMatch(/^[0-9a-f]+\.7$/);
  });

  it('does not show rows that only wait for a session', async () => {
    await putSession(pool(), { id: 'waits', startedAt: null, lastActivityAt: null });
    expect(await list()).toMatchObject({ items: [], total: 0 });
    expect((await problem('/api/sessions/waits')).status).toBe(404);
  });

  it('filters', async () => {
    await putSession(pool(), {
      id: 'a',
      host: 'atlas',
      status: 'running',
      models: ['m1', 'm2'],
      lastActivityAt: hour(8),
    });
    await putSession(pool(), {
      id: 'b',
      host: 'boreas',
      user: 'kim',
      status: 'waiting',
      title: '100% of_it',
      lastActivityAt: hour(9),
      project: { path: '/srv/x', name: 'x' },
    });
    await putSession(pool(), {
      id: 'c',
      source: 'codex',
      archived: true,
      title: '100 of it',
      lastActivityAt: hour(10),
    });
    expect(await ids('?host=boreas')).toEqual(['b']);
    expect(await ids('?source=codex')).toEqual(['c']);
    expect(await ids('?user=kim')).toEqual(['b']);
    expect(await ids('?model=m2')).toEqual(['a']);
    expect(await ids('?project=x')).toEqual(['b']);
    expect(await ids('?project=/srv/x')).toEqual(['b']);
    expect(await ids('?status=active')).toEqual(['b', 'a']);
    expect(await ids('?status=waiting,idle')).toEqual(['c', 'b']);
    expect(await ids('?archived=true')).toEqual(['c']);
    expect(await ids('?archived=false')).toEqual(['b', 'a']);
    expect(await ids(`?from=${hour(8)}&to=${hour(10)}`)).toEqual(['b', 'a']);
    const [day, next] = [0, 24 * 3_600_000].map((ms) =>
      new Date(Date.parse(hour(8)) + ms).toISOString().slice(0, 10),
    );
    expect(await ids(`?from=${day}&to=${next}`)).toEqual(['c', 'b', 'a']);
    expect(await ids(`?to=${day}`)).toEqual([]);
    expect(await ids(`?q=${encodeURIComponent('100% OF_')}`)).toEqual(['b']);
    expect(await list('?host=nowhere')).toMatchObject({ items: [], total: 0 });
  });

  it.each([
    ['?status=dead', 'status.0'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?sort=name', 'sort'],
    ['?from=yesterday', 'from'],
    ['?to=2026-02-30', 'to'],
    ['?host=%00', 'host'],
    ['?q=a%00b', 'q'],
    ['?cursor=nonsense', 'cursor'],
    [`?cursor=${encodeCursor(['-lastActivityAt', '2026-02-30 10:00:00+00', 's'])}`, 'cursor'],
    [`?sort=-tokens&cursor=${encodeCursor(['-tokens', '9999999999999999999', 's'])}`, 'cursor'],
    ['?colour=red', 'colour'],
    ['?source=vim', 'source'],
    ['?host=a&host=b', 'host'],
  ])('refuses %s and names the field', async (query, field) => {
    expect(await problem(`/api/sessions${query}`)).toMatchObject({ status: 400, field });
  });
});

describe('pages', () => {
  const cost = (pico: string | null) => ({
    costPico: pico,
    stats: stats({ costUsd: pico === null ? null : Number(pico) / 1e12 }),
  });
  const tokens = (total: number) => stats({ tokens: { ...noTokens, input: total, total } });

  const walk = async (
    query: string,
    between: () => Promise<void> = async () => undefined,
  ): Promise<string[]> => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: SessionList = await list(`?limit=2&${query}${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await between();
    }
    return seen;
  };

  beforeEach(async () => {
    await putSession(pool(), { id: 'a', startedAt: hour(1), lastActivityAt: hour(9), ...cost('5') });
    await putSession(pool(), { id: 'b', startedAt: hour(1), lastActivityAt: hour(8), ...cost(null) });
    await putSession(pool(), { id: 'c', startedAt: hour(1), lastActivityAt: hour(8), ...cost('7') });
    await putSession(pool(), { id: 'd', startedAt: hour(4), lastActivityAt: hour(7), ...cost(null) });
    await putSession(pool(), { id: 'e', startedAt: hour(5), lastActivityAt: null, stats: tokens(3) });
  });

  it.each([
    ['-lastActivityAt', ['a', 'c', 'b', 'd', 'e']],
    ['-startedAt', ['e', 'd', 'c', 'b', 'a']],
    ['-costUsd', ['c', 'a', 'e', 'd', 'b']],
    ['-tokens', ['e', 'd', 'c', 'b', 'a']],
  ])('by %s hold every session once, and backwards the other way', async (sort, expected) => {
    expect(await walk(`sort=${sort}`)).toEqual(expected);
    expect(await walk(`sort=${sort.slice(1)}`)).toEqual([...expected].reverse());
  });

  it('stay in step while sessions come and change', async () => {
    let added = 0;
    const seen = await walk('sort=-lastActivityAt', async () => {
      await putSession(pool(), { id: `later-${added}`, lastActivityAt: hour(20 + added) });
      added++;
    });
    expect(seen).toEqual(['a', 'c', 'b', 'd', 'e']);
  });

  it('do not take a cursor of another order', async () => {
    const { nextCursor } = await list('?limit=2');
    expect(await problem(`/api/sessions?limit=2&sort=tokens&cursor=${nextCursor}`)).toMatchObject({
      status: 400,
      field: 'cursor',
    });
  });
});

describe('conditional requests', () => {
  const ask = async (path: string, held?: string | null) => {
    const headers = { ...gateway.bearer(), ...(held ? { 'if-none-match': held } : {}) };
    const response = await gateway.fetch(path, { headers });
    return { status: response.status, etag: response.headers.get('etag'), text: await response.text() };
  };

  it.each(['/api/sessions', '/api/sessions?status=idle&limit=5', '/api/sessions/one'])(
    '%s: 304 until something changes',
    async (path) => {
      await putSession(pool(), { id: 'one' });
      const first = await ask(path);
      expect(first).toMatchObject({ status: 200, etag: expect.stringMatching(/^".+"$/) });
      expect(await ask(path, first.etag)).toEqual({ status: 304, etag: first.etag, text: '' });
      expect((await ask(path, `"other", W/${first.etag}`)).status).toBe(304);
      await putSession(pool(), { id: 'one', revision: 2, title: 'renamed' });
      const second = await ask(path, first.etag);
      expect(second.status).toBe(200);
      expect(second.text).toContain('renamed');
    },
  );

  it('know other filters and other roles apart', async () => {
    await putSession(pool(), { id: 'one' });
    const first = await ask('/api/sessions');
    expect((await ask('/api/sessions?limit=5', first.etag)).status).toBe(200);
    const headers = { ...gateway.bearer('admin'), 'if-none-match': first.etag ?? '' };
    expect((await gateway.fetch('/api/sessions', { headers })).status).toBe(200);
  });
});

describe('one session', () => {
  beforeEach(() =>
    putSession(pool(), {
      id: 'results/run 1@atlas',
      stats: stats({ objectives: { completed: 1, total: 2 } }),
      detail: {
        objectives: [
          { id: '1', text: 'build', status: 'completed', at: hour(1), completedAt: hour(2) },
          { id: '2', text: 'test', status: 'pending', at: hour(1), completedAt: null },
        ],
        tools: [{ name: 'Bash', calls: 3, errors: 1, medianMs: 12, p95Ms: 40, totalMs: 60, lastAt: hour(2) }],
        agents: [
          {
            id: 'x1',
            parentId: null,
            type: 'Explore',
            description: null,
            model: null,
            status: 'completed',
            startedAt: hour(1),
            lastActivityAt: hour(2),
            stats: { messages: 1, toolCalls: 0, tokens: noTokens, costUsd: 0 },
          },
        ],
      },
    }),
  );
  const path = `/api/sessions/${encodeURIComponent('results/run 1@atlas')}`;

  it('is found by any id', async () => {
    const session = sessionSchema.parse((await gateway.get(path)).body);
    expect(session).toMatchObject({ id: 'results/run 1@atlas', objectives: [{ id: '1' }, { id: '2' }] });
  });

  it('has its parts', async () => {
    expect(toolListSchema.parse((await gateway.get(`${path}/tools`)).body).items[0]?.calls).toBe(3);
    expect(agentListSchema.parse((await gateway.get(`${path}/agents`)).body).items[0]?.id).toBe('x1');
    const objectives = objectiveListSchema.parse((await gateway.get(`${path}/objectives`)).body);
    expect(objectives).toMatchObject({ completed: 1, total: 2, items: [{ id: '1' }, { id: '2' }] });
  });

  it.each(['', '/tools', '/agents', '/objectives', '/messages', '/timeline'])(
    '%s of an unknown one: 404',
    async (part) => {
      expect(await problem(`/api/sessions/nobody${part}`)).toMatchObject({ status: 404, title: 'Not Found' });
    },
  );

  it('and nothing else under /api: 404 as a problem', async () => {
    expect(await problem('/api/no/such/thing')).toMatchObject({ status: 404, type: 'about:blank' });
  });
});
