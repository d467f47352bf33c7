import {
  listExportFormats,
  messageListSchema,
  problemSchema,
  sessionExportFormats,
  sessionExportSchema,
  sessionListSchema,
  sessionSchema,
  summarySchema,
  type Message,
} from '@telltale/contracts';
import { visibleLine, visibleText } from '@telltale/domain';
import { hostileTexts, parseCsv } from '@telltale/domain/testing/hostile-texts';
import markdownIt from 'markdown-it';
import { noTokens, putItem, putSession, putUsage, rollUp, stats, summary } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { promptLine, publishLines, toolLines } from './testing/facts';
import { readPdf } from './testing/read-pdf';

let gateway: TestGateway;
const pool = () => gateway.connections.readModel;
const id = 'a session/of "ours"; x=1@atlas';
const path = `/api/sessions/${encodeURIComponent(id)}`;
const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
/** What PostgreSQL can hold: the rest stands in the log only. */
const storable = hostileTexts.map((text) => text.toWellFormed().replaceAll('\0', ''));
const preview = 'x'.repeat(2048);
const agent = (n: number, parentId: string | null, description: string) => ({
  id: `agent-${n}`,
  parentId,
  type: 'Explore',
  description,
  model: 'claude-haiku-4-5',
  status: 'completed' as const,
  startedAt: at(1),
  lastActivityAt: at(2),
  stats: { messages: 2, toolCalls: 1, tokens: { ...noTokens, input: 5, total: 5 }, costUsd: 0.25 },
});

beforeAll(async () => {
  gateway = await startTestGateway();
  const tokens = {
    input: 1200,
    output: 3400,
    cacheWrite5m: 10,
    cacheWrite1h: 20,
    cacheRead: 91_000,
    reasoning: 800,
    total: 95_630,
  };
  await putSession(pool(), {
    id,
    title: `Migrate the signer ${storable.join(' ')}`,
    branch: '=cmd|calc',
    models: ['claude-opus-4-6', '<b>model</b>'],
    currentStep: storable[3] ?? null,
    stats: stats({
      messages: 3,
      prompts: 1,
      toolCalls: 18,
      toolErrors: 4,
      errors: storable.length,
      objectives: { completed: 1, total: 3 },
      tokens,
      costUsd: 4.125,
      reportedCostUsd: 4.25,
      unpricedModels: ['<b>model</b>'],
    }),
    detail: {
      tokensByModel: [
        { model: 'claude-opus-4-6', tokens, costUsd: 4.125, messages: 3 },
        { model: '<b>model</b>', tokens: noTokens, costUsd: null, messages: 0 },
      ],
      objectives: [
        { id: '1', text: 'Rotate the signing key', status: 'completed', at: at(1), completedAt: at(5) },
        { id: '2', text: 'Publish a dry run', status: 'active', at: at(1), completedAt: null },
        { id: '3', text: storable.join(' '), status: 'pending', at: at(1), completedAt: null },
      ],
      agents: [agent(2, 'agent-1', 'the child'), agent(1, null, storable.slice(0, 6).join(' '))],
      tools: [
        { name: 'Bash', calls: 11, errors: 4, medianMs: 800, p95Ms: 4200, totalMs: 9000, lastAt: at(3) },
        {
          name: '![x](http://evil.test/x.png)',
          calls: 7,
          errors: 0,
          medianMs: null,
          p95Ms: null,
          totalMs: null,
          lastAt: null,
        },
      ],
      links: [{ kind: 'pull-request', label: 'acme#482', url: 'javascript:alert(1)' }],
      errors: storable.map((message, n) => ({ at: at(n), kind: 'api_error', message })),
    },
  });
  const whole = `${hostileTexts.join('\n')} ${'y'.repeat(3000)} the end`;
  const s = await publishLines(gateway, [promptLine('1', whole), ...toolLines('9', { text: whole }, whole)]);
  const base = { session: id, preview };
  await putItem(pool(), { ...base, key: 'p:1', kind: 'prompt', at: at(0), parts: [{ u: 'p:1', s, l: 0 }] });
  await putItem(pool(), {
    ...base,
    key: 't:9',
    kind: 'tool',
    name: '<i>Bash</i>',
    input: preview,
    isError: true,
    at: at(1),
    durationMs: 140,
    parts: [
      { u: 'use', s, l: 1, r: 'use' },
      { u: 'result', s, l: 2, r: 'result' },
    ],
  });
  for (const [n, text] of storable.entries())
    await putItem(pool(), {
      ...base,
      key: `m:${n}`,
      kind: 'assistant',
      at: at(n + 2),
      model: 'claude-opus-4-6',
      preview: text,
    });
  await putUsage(pool(), {
    key: 'm:0',
    session: id,
    at: at(2),
    tokens: { input: 2, output: 3 },
    costPico: '1500000',
  });
  await rollUp(pool());
});
afterAll(() => gateway?.stop());

const get = (address: string) => gateway.fetch(address, { headers: gateway.bearer() });
async function file(format: string): Promise<{ text: string; bytes: Uint8Array; headers: Headers }> {
  const response = await get(`${path}/export?format=${format}`);
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    bytes,
    text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      format === 'pdf' ? new Uint8Array() : bytes,
    ),
    headers: response.headers,
  };
}
async function messages(): Promise<Message[]> {
  const all: Message[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await gateway.get(`${path}/messages?limit=20${cursor ? `&after=${cursor}` : ''}`);
    const page = messageListSchema.parse(body);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}
const acting = /(?![\t\r\n])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\u200e\u200f]/u;

describe('the file of a session', () => {
  it.each([
    ['json', 'application/json; charset=utf-8'],
    ['csv', 'text/csv; charset=utf-8; header=present'],
    ['md', 'text/markdown; charset=utf-8'],
    ['pdf', 'application/pdf'],
  ])('as %s is kept, not shown, and not kept where others find it', async (format, type) => {
    const { headers } = await file(format);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="telltale-a_session_of_ours_x_1_atlas.${format}"`,
    );
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    const head = await gateway.fetch(`${path}/export?format=${format}`, {
      method: 'HEAD',
      headers: gateway.bearer(),
    });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, type, '']);
  });

  it('as JSON is the session and its messages as the API tells them', async () => {
    const { text } = await file('json');
    const told: unknown = JSON.parse(text);
    const { session, messages: all } = sessionExportSchema.parse(told);
    const rest = (await gateway.get(path)).body as object;
    expect(rest).toMatchObject(session);
    expect(sessionSchema.parse(rest)).toEqual(session);
    expect(all).toEqual(await messages());
    expect(all).toHaveLength(storable.length + 2);
    expect(all[0]?.text).toContain('nul \u2400 here');
    expect(all[0]?.text).toContain('the end');
    expect(text).not.toMatch(acting);
    expect(text).not.toContain('<script');
  });

  it('as CSV has a row for each message, and no formula', async () => {
    const [head, ...rows] = parseCsv((await file('csv')).text);
    const all = await messages();
    expect(rows).toHaveLength(all.length);
    rows.forEach((row, n) => {
      const cell = (name: string) => row[head!.indexOf(name)];
      const message = all[n]!;
      expect(cell('id')).toBe(message.id);
      expect(cell('at')).toBe(message.at);
      expect(cell('kind')).toBe(message.kind);
      const texts = [
        ['text', message.text],
        ['toolInput', message.tool?.input ?? ''],
        ['toolResult', message.tool?.result ?? ''],
      ] as const;
      for (const [name, text] of texts)
        expect([visibleText(text), `'${visibleText(text)}`]).toContain(cell(name));
      expect(cell('totalTokens')).toBe(message.tokens ? String(message.tokens.total) : '');
      expect(cell('costUsd')).toBe(message.costUsd == null ? '' : String(message.costUsd));
      for (const each of row) {
        expect(each).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(each).not.toMatch(acting);
      }
    });
    const tool = rows[1]!;
    expect([tool[head!.indexOf('toolIsError')], tool[head!.indexOf('toolDurationMs')]]).toEqual([
      'true',
      '140',
    ]);
  });

  it('as Markdown reads well, and nothing in it is live', async () => {
    const { text } = await file('md');
    const tokens = markdownIt({ html: true, linkify: true })
      .parse(text, {})
      .flatMap((token) => [token, ...(token.children ?? [])]);
    const types = new Set(tokens.map(({ type }) => type));
    for (const type of ['link_open', 'image', 'html_block', 'html_inline']) expect(types).not.toContain(type);
    expect(text).not.toMatch(acting);
    const headings = tokens.flatMap(({ type, tag }, n) =>
      type === 'heading_open' ? [[tag, tokens[n + 1]?.content]] : [],
    );
    expect(headings.filter(([tag]) => tag === 'h1')).toHaveLength(1);
    expect(headings.filter(([tag]) => tag === 'h2').map(([, title]) => title)).toEqual([
      ...['Figures', 'Models', 'Tools', 'Objectives', 'Agents', 'Links', 'Errors', 'Transcript'],
    ]);
    const all = await messages();
    expect(headings.filter(([tag]) => tag === 'h3')).toHaveLength(all.length);
    const blocks = tokens.filter(({ type }) => type === 'fence').map(({ content }) => content);
    const texts = all.flatMap(({ text: said, tool }) =>
      tool ? [tool.input ?? '', tool.result ?? ''] : [said],
    );
    expect(blocks).toEqual(texts.map((each) => visibleText(each).replace(/([^\n])$/, '$1\n')));
    expect(text).toContain('| Tokens | 95,630 |');
    expect(text).toContain('| Cost | $4.13 + |');
    expect(text).toContain('- [x] Rotate the signing key · 2026-03-01 10:05:00');
    expect(text).toContain('- [ ] Publish a dry run · under way');
    expect(text).toMatch(/^ {2}- `Explore: the child` · Completed · 2 messages/m);
  });

  it('as PDF can be searched, has its pages numbered, and nothing in it is live', async () => {
    const { bytes } = await file('pdf');
    const { pages, annotations, title } = await readPdf(bytes);
    expect(annotations).toBe(0);
    expect(title).toContain('Migrate the signer');
    expect(title).not.toMatch(acting);
    const raw = Buffer.from(bytes).toString('latin1');
    expect(raw).not.toMatch(/\/(JavaScript|JS|URI|Launch|OpenAction|EmbeddedFile|AA)\b/);
    pages.forEach((page, n) => expect(page).toContain(`Page ${n + 1} of ${pages.length}`));
    const text = visibleLine(pages.join(' '));
    expect(text).not.toMatch(acting);
    for (const each of [
      'Migrate the signer',
      'Idle',
      'Tokens over time',
      'Cost by model',
      'claude-opus-4-6',
      'no price',
      '$4.13 +',
      '95.6K',
      'Bash',
      '4 failed',
      'Rotate the signing key',
      'Publish a dry run',
      'under way',
      'Explore: the child',
      '$0.25',
      '中文 日本語 한국어',
      'Ελληνικά кириллица',
    ])
      expect(text).toContain(each);
    expect(text).toContain('<script>alert(1)</script>');
  });
});

describe('the file of a list', () => {
  const titles = [...storable, 'plain'];
  const small = (n: number) => ({
    title: titles[n] ?? null,
    source: n % 2 === 0 ? ('codex' as const) : ('claude-code' as const),
    lastActivityAt: at(n),
    stats: stats({ messages: n, costUsd: n % 3 === 0 ? null : n / 8 }),
  });
  beforeAll(async () => {
    for (const n of titles.keys()) await putSession(pool(), { id: `l${n}`, host: 'list', ...small(n) });
    await putSession(pool(), { id: 'waits', host: 'list', startedAt: null });
  });
  const listed = async (query: string) =>
    sessionListSchema.parse((await gateway.get(`/api/sessions?host=list&limit=200${query}`)).body).items;

  it.each([
    '',
    '&sort=lastActivityAt',
    '&sort=-costUsd',
    '&source=codex',
    '&q=plain',
    `&to=${at(4)}`,
    '&model=none',
  ])('as NDJSON has the sessions of %j in their order, one a line', async (query) => {
    const response = await get(`/api/export/sessions?format=ndjson&host=list${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="telltale-sessions-\d{4}-\d\d-\d\d\.ndjson"$/,
    );
    const text = await response.text();
    const lines = text.split('\n').slice(0, -1);
    expect(text === '' || text.endsWith('\n')).toBe(true);
    expect(lines.map((line) => summarySchema.parse(JSON.parse(line)))).toEqual(await listed(query));
    expect(text).not.toMatch(acting);
  });

  it('as CSV has all figures of each', async () => {
    const [head, ...rows] = parseCsv(await (await get('/api/export/sessions?format=csv&host=list')).text());
    const items = await listed('');
    expect(rows).toHaveLength(items.length);
    rows.forEach((row, n) => {
      const cell = (name: string) => row[head!.indexOf(name)];
      const { id: key, title, stats: figures } = items[n]!;
      expect(cell('id')).toBe(key);
      expect([visibleText(title ?? ''), `'${visibleText(title ?? '')}`]).toContain(cell('title'));
      expect(cell('title')).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(cell('messages')).toBe(String(figures.messages));
      expect(cell('costUsd')).toBe(figures.costUsd === null ? '' : String(figures.costUsd));
      expect(cell('elapsedMs')).not.toBe('');
    });
    expect(new Set(head).size).toBe(head?.length);
    const numbers = Object.keys(summary('x').stats).filter(
      (name) => !['tokens', 'objectives'].includes(name),
    );
    expect(head).toEqual(expect.arrayContaining(numbers));
  });

  it('without sessions is a line of names, or nothing', async () => {
    expect(await (await get('/api/export/sessions?format=ndjson&host=nowhere')).text()).toBe('');
    const rows = parseCsv(await (await get('/api/export/sessions?format=csv&host=nowhere')).text());
    expect(rows).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it.each([
    [`${path}/export`, 400, 'format'],
    [`${path}/export?format=xml`, 400, 'format'],
    [`${path}/export?format=csv&x=1`, 400, 'x'],
    ['/api/export/sessions?format=pdf', 400, 'format'],
    ['/api/export/sessions?format=csv&limit=3', 400, 'limit'],
    ['/api/export/sessions?format=csv&sort=moon', 400, 'sort'],
    ...sessionExportFormats.map(
      (format) => [`/api/sessions/nobody/export?format=${format}`, 404, undefined] as const,
    ),
  ] as const)('%s: %i', async (address, status, field) => {
    const problem = problemSchema.parse((await gateway.get(address)).body);
    expect(problem).toMatchObject({ status, ...(field === undefined ? {} : { field }) });
  });

  it('nobody gets a file without a user', async () => {
    for (const format of listExportFormats)
      expect((await gateway.fetch(`/api/export/sessions?format=${format}`)).status).toBe(401);
    expect((await gateway.fetch(`${path}/export?format=json`)).status).toBe(401);
  });
});
