import { problemSchema, searchResultSchema, searchTotalLimit, type SearchResult } from '@telltale/contracts';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { SearchPools } from './search-pools';
import { Searches } from './searches';
import { giveAllTheTime } from './testing/all-the-time';

/** 300 sessions of 14 documents each (every second says that it has more: too many to be looked at one by one), over 40 days; every third holds `common`, few `rare`, two words never meet. */
const fill = `
  insert into session (id, source, host, status, project_path, project_name, started_at, last_activity_at, messages, revision,
    summary, detail, registers)
  select 's' || n, 'push', 'h', 'idle', '/p' || n % 2, 'p' || n % 2, '2026-03-01'::timestamptz + n * interval '3 hours',
    '2026-03-01'::timestamptz + n * interval '3 hours' + interval '2 hours',
    case when n % 2 = 1 then 1000 else 14 end, 1, '{}', '{}', '{}'
  from generate_series(1, 300) n;
  insert into item (key, session_id, kind, counted, at, sequence, line, preview, parts)
  select 'p:' || n || '-' || m, 's' || n, 'prompt', true,
    case when n = 7 then null else '2026-03-01'::timestamptz + n * interval '3 hours' + m / 3 * interval '9 minutes' end, 1, 0,
    concat_ws(' ', 'every', case when (n + m) % 3 = 0 then 'common' end, case when (n * 14 + m) % 97 = 0 then 'rare' end,
      case when m % 2 = 0 then 'even' else 'odd' end), '[]'
  from generate_series(1, 300) n, generate_series(1, 14) m;
  insert into search_document (session_id, key, at, tsv)
  select session_id, key, coalesce(at, 'epoch'), to_tsvector('simple', preview)
    || ('''@' || floor(extract(epoch from coalesce(at, 'epoch')) / 86400) || '''')::tsvector from item`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  giveAllTheTime(gateway);
  await gateway.connections.readModel.query(fill);
});
afterAll(() => gateway?.stop());

async function page(query: string): Promise<SearchResult> {
  const { status, body } = await gateway.get(`/api/search?${query}`);
  expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
  return searchResultSchema.parse(body);
}

/** All pages, and every page's total. */
async function walk(query: string): Promise<{ keys: string[]; totals: Set<number> }> {
  const keys: string[] = [];
  const totals = new Set<number>();
  let cursor = '';
  do {
    const { items, nextCursor, total } = await page(`${query}${cursor}`);
    keys.push(...items.map(({ sessionId, messageId }) => `${sessionId} ${messageId}`));
    totals.add(total);
    cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return { keys, totals };
}

/** The slow way: by the texts, without an index. */
async function slowly(pattern: string, project = ''): Promise<string[]> {
  const { rows } = await gateway.connections.readModel.query<{ name: string }>(
    `select i.session_id || ' ' || i.key as name from item i join session s on s.id = i.session_id
     where i.preview ~ $1 and s.project_name like $2 || '%'
     order by coalesce(i.at, 'epoch') desc, i.session_id desc, i.key desc`,
    [pattern, project],
  );
  return rows.map(({ name }) => name);
}

/** From now on these statements take so long that the server itself ends them. */
function slow(isSlow: (text: string) => boolean, which: 'pages' | 'counts' = 'pages'): () => void {
  const pages = gateway.app.get(SearchPools, { strict: false })[which];
  const real = pages.query.bind(pages);
  const query = (text: string, values: unknown[]) =>
    isSlow(text) ? real("set local statement_timeout = '20ms'; select pg_sleep(5)") : real(text, values);
  Object.assign(pages, { query });
  return () => Object.assign(pages, { query: real });
}

describe('pages of a search', () => {
  it.each([
    ['every word', 'q=every&limit=200', 'every', ''],
    ['a frequent word', 'q=common&limit=97', 'common', ''],
    ['a rare word', 'q=rare&limit=4', 'rare', ''],
    ['two words', 'q=rare+common&limit=3', 'common rare', ''],
    ['a minus', 'q=common+-even&limit=100', 'common( rare)? odd', ''],
    ['an or', 'q=rare+or+common&limit=150', 'rare|common', ''],
    ['a filter', 'q=common&project=p1&limit=55', 'common', 'p1'],
    ['a rare word and a filter', 'q=rare&project=p0&limit=5', 'rare', 'p0'],
  ])('find each match once, newest first: %s', async (_, query, pattern, project) => {
    const { keys, totals } = await walk(query);
    const expected = await slowly(pattern, project);
    expect(keys).toEqual(expected);
    expect(expected.length).toBeGreaterThan(5);
    expect([...totals]).toEqual([Math.min(expected.length, searchTotalLimit)]);
  });

  it('find the same in few sessions', async () => {
    await gateway.connections.readModel.query(
      `update session set project_name = 'few' where id in ('s3', 's7', 's11')`,
    );
    const { keys, totals } = await walk('q=common&project=few&limit=4');
    const expected = await slowly('common', 'few');
    await gateway.connections.readModel.query(
      `update session set project_name = 'p1' where project_name = 'few'`,
    );
    expect(keys).toEqual(expected);
    expect([...totals]).toEqual([expected.length]);
  });

  it('find nothing of words that never meet', async () => {
    expect(await walk('q=even+odd')).toEqual({ keys: [], totals: new Set([0]) });
  });

  describe('where the time is up before a page is full', () => {
    const searches = () => gateway.app.get(Searches, { strict: false });
    let patienceMs: number;
    let quick: () => void;
    beforeEach(() => {
      ({ patienceMs } = searches());
      searches().patienceMs = 0;
      quick = slow(() => true, 'counts'); // also what looks for all at once
    });
    afterEach(() => {
      quick();
      Object.assign(searches(), { patienceMs });
    });

    it('say how far back they looked, and go on there', async () => {
      const first = await page('q=even+odd');
      expect(first).toMatchObject({ items: [], total: 0 });
      // The newest documents are of the hours after midnight of the 7th of April, and each day has some.
      expect(first.searchedBackTo).toBe('2026-03-31T00:00:00.000Z');
      let pages = 1;
      for (let next = first; next.nextCursor !== null; pages++) {
        const before: string | undefined = next.searchedBackTo;
        next = await page(`q=even+odd&cursor=${next.nextCursor}`);
        expect(next.items).toEqual([]);
        if (next.nextCursor === null) expect(next.searchedBackTo).toBeUndefined();
        else expect(Date.parse(next.searchedBackTo ?? '')).toBeLessThan(Date.parse(before ?? ''));
      }
      expect(pages).toBeGreaterThan(3);
    });

    it('keep what they have where more takes too long', async () => {
      searches().patienceMs = patienceMs;
      let asked = 0;
      const healed = slow((text) => text.includes('days') && ++asked > 1);
      const first = await page('q=even+odd');
      healed();
      expect(first.searchedBackTo).toBe('2026-03-31T00:00:00.000Z');
      expect(first.nextCursor).not.toBeNull();
    });

    it.each([
      ['q=rare&limit=30', 'rare', ''],
      ['q=rare+common&limit=3', 'common rare', ''],
      ['q=rare&project=p0&limit=5', 'rare', 'p0'],
    ])('miss and repeat nothing: %s', async (query, pattern, project) => {
      const { keys } = await walk(query);
      expect(keys).toEqual(await slowly(pattern, project));
    });
  });

  it('count up to a bound', async () => {
    await gateway.connections.readModel.query(
      `insert into search_document (session_id, key, at, tsv)
       select 's1', 'many-' || n, '2026-05-01'::timestamptz, '''many'' ''@20574'''::tsvector from generate_series(1, 1050) n`,
    );
    const result = await page('q=many&limit=1');
    expect(result).toMatchObject({ total: searchTotalLimit, totalIsAtLeast: true });
    expect(result.nextCursor).not.toBeNull();
  });

  it('are told of as too slow where they are', async () => {
    const healed = slow(() => true);
    const { status, body } = await gateway.get('/api/search?q=common');
    healed();
    expect(problemSchema.parse(body)).toMatchObject({ status, title: 'Gateway Timeout' });
    expect(status).toBe(504);
  });
});
