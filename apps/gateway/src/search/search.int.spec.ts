import { problemSchema, searchResultSchema, type SearchItem, type SearchResult } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';
import { giveAllTheTime } from './testing/all-the-time';

// What was pushed, as it is found once the real ingest has made it searchable.
let gateway: TestGateway;
let running: GatewayWithIngest;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
  giveAllTheTime(gateway);
  await push('zoo', 'user', 'Where does the quick brown fox live?', {
    title: 'All animals',
    project: '/srv/zoo',
  });
  await push('zoo', 'assistant', 'The brown bear is not a fox: see src/animals/fox-den.ts');
  await push(
    'zoo',
    'user',
    `${'filler '.repeat(1_000)} a hidden <b>ocelot</b> & "friends" ${'more '.repeat(1_000)}`,
  );
  await push('farm', 'user', 'The lazy dog and the brown cow', { project: '/srv/farm', user: 'ada' });
  await push('farm', 'assistant', 'requestTimeoutMs was raised by the dog. 全文検索のテスト');
  await push('farm', 'assistant', '<script>alert("fox")</script> \u001b[31mred\u001b[0m javascript:fox()');
  // Each partition's words come when they come: the last of both sessions, and the title.
  for (const last of ['ocelot', 'javascript', '"All animals"'])
    await eventually(async () => expect((await search(last)).total).toBe(1), { timeoutMs: 30_000 });
});
afterAll(() => running?.stop());

let second = 0;
async function push(
  session: string,
  role: string,
  message: string,
  about: { title?: string; project?: string; user?: string } = {},
): Promise<void> {
  const post = async (path: string, body: object) => {
    const response = await gateway.fetch(`/api/sessions${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  if (Object.keys(about).length > 0) await post('', { session_id: session, ...about });
  await post(`/${session}/chat`, { message, role, idempotencyKey: `k${++second}` });
}

async function search(q: string, more = ''): Promise<SearchResult> {
  const { status, body } = await gateway.get(`/api/search?q=${encodeURIComponent(q)}${more}`);
  expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
  return searchResultSchema.parse(body);
}
const nameOf = ({ sessionId, messageId }: SearchItem) =>
  `${sessionId.replace('push:', '')} ${/k\d+$/.exec(messageId ?? 'title')?.[0] ?? messageId ?? 'title'}`;
const names = async (q: string, more = '') => (await search(q, more)).items.map(nameOf);

describe('the search', () => {
  it.each([
    ['fox', ['farm k6', 'zoo k2', 'zoo k1']],
    ['FOX brown', ['zoo k2', 'zoo k1']],
    ['"brown fox"', ['zoo k1']],
    ['brown -fox', ['farm k4']],
    ['bear or cow', ['farm k4', 'zoo k2']],
    ['bear or "lazy dog" -cow', ['zoo k2']],
    ['fox-den.ts', ['zoo k2']],
    ['animals', ['zoo k2', 'zoo title']],
    ['timeout', ['farm k5']],
    ['requesttimeoutms', ['farm k5']],
    ['検索', ['farm k5']],
    ['索', ['farm k5']],
    ['ocelot', ['zoo k3']],
    ['foxes', []],
    ['f', []],
  ])('finds %j', async (q, expected) => {
    const { items, total, totalIsAtLeast, nextCursor } = await search(q);
    expect(items.map(nameOf)).toEqual(expected);
    expect({ total, totalIsAtLeast, nextCursor }).toEqual({ total: expected.length, nextCursor: null });
  });

  it('says who said it when, and what stands around it', async () => {
    const [hit] = (await search('ocelot')).items;
    expect(hit).toMatchObject({ author: 'user', sessionId: 'push:zoo' });
    expect(Date.parse(hit?.at ?? '')).toBeGreaterThan(Date.now() - 600_000);
    expect(hit?.snippet).toMatch(/^…filler .* a hidden <b>ocelot<\/b> & "friends" more .*…$/);
    expect(hit?.snippet.length).toBeLessThan(260);
    const title = (await search('animals')).items.find(({ messageId }) => messageId === null);
    expect(title).toMatchObject({ snippet: 'All animals', author: 'system' });
  });

  it('gives markup as the text it is, and no control characters', async () => {
    const [hit] = (await search('javascript')).items;
    expect(hit?.snippet).toBe('<script>alert("fox")</script> red javascript:fox()');
  });

  it('takes the filters of the list', async () => {
    expect(await names('brown', '&project=/srv/farm')).toEqual(['farm k4']);
    expect(await names('brown', '&project=zoo')).toEqual(['zoo k2', 'zoo k1']);
    expect(await names('brown', '&user=ada&source=push')).toEqual(['farm k4']);
    expect(await names('brown', '&source=codex')).toEqual([]);
    expect(await names('brown', '&status=failed')).toEqual([]);
    expect(await names('brown', '&to=2001-01-01T00:00:00Z')).toEqual([]);
    expect(await search('brown', '&host=nowhere')).toEqual({ items: [], total: 0, nextCursor: null });
  });

  it.each([
    ['q', '?q='],
    ['q', '?q=%20-fox%20'],
    ['q', '?q=fox%20or%20-dog'],
    ['q', '?q=...'],
    ['q', `?q=${'x'.repeat(501)}`],
    ['limit', '?q=fox&limit=0'],
    ['limit', '?q=fox&limit=201'],
    ['cursor', '?q=fox&cursor=abc'],
    ['cursor', `?q=fox&cursor=${Buffer.from('["now()","",""]').toString('base64url')}`],
    ['cursor', `?q=fox&cursor=${Buffer.from('["2026-13-01 00:00:00+00","",""]').toString('base64url')}`],
    ['sort', '?q=fox&sort=tokens'],
    ['source', '?q=fox&source=cobol'],
  ])('names %s where it is not valid: %s', async (field, query) => {
    const { status, body } = await gateway.get(`/api/search${query}`);
    expect(status).toBe(400);
    expect(problemSchema.parse(body)).toMatchObject({ status, field });
  });

  it('survives whatever is typed', async () => {
    for (const q of [
      `'; drop table item; --`,
      ':* & | ! <-> ( ) \\ \u0000 a',
      '"',
      '- - or',
      '😀 fox 😀',
      'ﷺ',
      '‮fox',
    ])
      expect([200, 400]).toContain((await gateway.get(`/api/search?q=${encodeURIComponent(q)}`)).status);
  });

  it('is for users only', async () => {
    expect((await gateway.fetch('/api/search?q=fox')).status).toBe(401);
  });
});
