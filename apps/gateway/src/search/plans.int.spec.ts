import { searchTotalLimit } from '@telltale/contracts';
import {
  generatedUntil,
  generatedWords,
  generatingSteps,
} from '@telltale/domain/testing/generated-read-model';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { planOf, recordStatements, type PlanNode } from '../testing/statements';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { SearchPools } from './search-pools';
import { giveAllTheTime } from './testing/all-the-time';

// The statements that the routes really send, and the plans the server takes for them among many rows.
const size = { sessions: 10_000, messages: 150_000 };

let gateway: TestGateway;
let readModel: pg.Pool;
let search: SearchPools;

beforeAll(async () => {
  gateway = await startTestGateway();
  giveAllTheTime(gateway);
  readModel = gateway.app.get<pg.Pool>(READ_MODEL, { strict: false });
  search = gateway.app.get(SearchPools, { strict: false });
  const { readModel: owner } = gateway.connections;
  for (const { sql } of generatingSteps(size)) await owner.query(sql);
  await owner.query('vacuum analyze');
}, 300_000);
afterAll(() => gateway?.stop());

interface Planned {
  readonly nodes: readonly PlanNode[];
  readonly body: unknown;
}

/** The plans of all statements that a route sends. */
async function plansOf(path: string): Promise<Planned> {
  const recorded = recordStatements([readModel, search.pages, search.counts]);
  const { status, body } = await gateway.get(path);
  recorded.stop();
  expect({ path, status, body: status === 200 ? '' : body }).toEqual({ path, status: 200, body: '' });
  expect(recorded.sent.length).toBeGreaterThan(0);
  const nodes: PlanNode[] = [];
  for (const statement of recorded.sent) {
    const pool = statement.text.includes('search_document') ? search.pages : readModel;
    nodes.push(...(await planOf(pool, statement)));
  }
  return { nodes, body };
}

const large = ['item', 'usage', 'session', 'search_document', 'rollup', 'rollup_tool'];
const scannedWhole = (nodes: readonly PlanNode[]) =>
  nodes
    .filter((node) => node['Node Type'].endsWith('Seq Scan') && large.includes(node['Relation Name'] ?? ''))
    .map((node) => node['Relation Name']);
const indexesOf = (nodes: readonly PlanNode[]) =>
  new Set(nodes.map((node) => node['Index Name']).filter((name) => name !== undefined));
const at = (hoursBefore: number) => new Date(generatedUntil - hoursBefore * 3_600_000 + 1).toISOString();

describe('lists', () => {
  it.each([
    ['', 'session_by_activity'],
    ['?sort=lastActivityAt', 'session_by_activity'],
    ['?sort=-startedAt', 'session_by_start'],
    ['?sort=costUsd', 'session_by_cost'],
    ['?sort=-tokens', 'session_by_tokens'],
    ['?source=codex', 'session_by_activity'],
    ['?host=host-7&status=failed', 'session_by_activity'],
    ['?project=p12', 'session_by_activity'],
    ['?project=/home/dev/projects/p12&sort=-costUsd', 'session_by_activity'],
    ['?model=gemini-3-pro&archived=true', 'session_by_activity'],
    ['?user=nobody&sort=tokens', 'session_by_activity'],
    ['?parent=s60', 'session_parent'],
    [`?from=${at(48)}&to=${at(24)}`, 'session_by_activity'],
    ['?q=topic 77&sort=-tokens', 'session_by_activity'],
    ['?status=active&limit=200', 'session_by_activity'],
  ])('of sessions read a page by an index: %s', async (query, index) => {
    const { nodes, body } = await plansOf(`/api/sessions${query}`);
    expect(scannedWhole(nodes)).toEqual([]);
    expect(indexesOf(nodes)).toContain(index);
    // What is counted is counted in an index alone; rows are read one by one, of the page.
    const fetched = nodes.filter((node) => node['Relation Name'] === 'session');
    if (index !== 'session_parent')
      expect(fetched.map((node) => node['Node Type'])).toContain('Index Only Scan');
    expect(fetched.some((node) => node['Node Type'] === 'Index Scan')).toBe(true);
    const { nextCursor } = body as { nextCursor: string | null };
    if (nextCursor === null) return;
    const next = await plansOf(`/api/sessions${query === '' ? '?' : `${query}&`}cursor=${nextCursor}`);
    expect(scannedWhole(next.nodes)).toEqual([]);
  });

  it.each(['', '?status=failed', '?q=topic&project=p7'])(
    'of choices count in an index: %s',
    async (query) => {
      const { nodes } = await plansOf(`/api/facets${query}`);
      expect(
        nodes.filter((node) => node['Relation Name'] === 'session').map((node) => node['Node Type']),
      ).toEqual(['Index Only Scan']);
    },
  );

  it.each(['', '?before=end', '?kind=tool&limit=3', '?agent=agent-1', '?q=w1', '?after=p:77-1'])(
    'of messages read one session: %s',
    async (query) => {
      const { nodes } = await plansOf(`/api/sessions/s77/messages${query}`);
      expect(scannedWhole(nodes)).toEqual([]);
      expect(indexesOf(nodes)).toContain('item_feed');
    },
  );

  it.each(['/api/sessions/s77', '/api/sessions/s77/timeline', '/api/sessions/s77/timeline?bucket=minute'])(
    'of one session read its rows: %s',
    async (path) => expect(scannedWhole((await plansOf(path)).nodes)).toEqual([]),
  );

  it.each([
    ['groupBy=day', ['item_messages_at', 'item_tools_at', 'usage_at', 'rollup_bucket']],
    ['groupBy=model', ['item_messages_at', 'item_tools_at', 'usage_at', 'rollup_bucket']],
    ['groupBy=project&session=s9990', ['rollup_pkey']],
  ])('of figures read what lies in the range: %s', async (query, indexes) => {
    const { nodes } = await plansOf(`/api/analytics/summary?${query}&from=${at(100)}&to=${at(2)}`);
    expect(scannedWhole(nodes)).toEqual([]);
    expect([...indexesOf(nodes)]).toEqual(expect.arrayContaining(indexes));
  });
});

describe('the search', () => {
  const { common, rare, phrase, vintage, apart } = generatedWords;
  it.each([
    [`q=${common}`, ['search_document_time', 'search_document_words']],
    [`q=${rare}`, ['search_document_time', 'search_document_words']],
    [`q="${phrase}"`, ['search_document_words']],
    [`q=${apart.join(' ')}`, ['search_document_words']],
    [`q=${vintage}&source=claude-code`, ['search_document_words', 'session_by_activity']],
    [`q=${common}&parent=s60`, ['search_document_pkey', 'session_parent']],
  ])('asks indexes: %s', async (query, indexes) => {
    const { nodes } = await plansOf(`/api/search?${query}`);
    expect(scannedWhole(nodes)).toEqual([]);
    expect([...indexesOf(nodes)]).toEqual(expect.arrayContaining(indexes));
  });

  it('finds what the generated documents hold', async () => {
    const total = async (q: string) =>
      ((await gateway.get(`/api/search?limit=1&q=${q}`)).body as { total: number }).total;
    expect(await total(rare)).toBe(10);
    expect(await total(apart.join(' '))).toBe(0);
    const [phrases, words] = [await total(`"${phrase}"`), await total(phrase)];
    expect(phrases).toBeGreaterThan(300);
    expect(words).toBeGreaterThan(phrases);
    expect(await total(common)).toBe(searchTotalLimit);
  });
});
