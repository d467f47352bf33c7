import { problemSchema, servedSessionListSchema } from '@telltale/contracts';
import { putItem, putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

/** What a transcript may say, whoever wrote into it. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202egnp.exe',
  '{{constructor.constructor("alert(1)")()}}',
  "</script><script>alert(1)</script>';--",
  'a\r\nSet-Cookie: a=b\r\n\r\n<h1>',
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  const pool = gateway.connections.readModel;
  for (const [n, text] of hostile.entries()) {
    const project = { path: `/home/${text}`, name: text };
    const seed = {
      title: text,
      user: text,
      branch: text,
      phase: text,
      currentStep: text,
      project,
      model: text,
    };
    await putSession(pool, { id: `s${n}`, ...seed, detail: { tools: [], errors: [] } });
    await putItem(pool, {
      key: `k${n}`,
      session: `s${n}`,
      kind: 'error',
      at: '2026-03-01T10:00:00Z',
      preview: text,
    });
  }
});
afterAll(() => gateway.stop());

async function inert(path: string): Promise<string> {
  const response = await gateway.fetch(path, { headers: { ...gateway.bearer(), accept: 'text/html' } });
  const { headers } = response;
  expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.getSetCookie()).toEqual([]);
  const text = await response.text();
  // As JSON writes them: no terminal that prints the answer obeys them.
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  return text;
}

it('is data in every answer, to a browser that would rather have a page', async () => {
  const list = servedSessionListSchema.parse(JSON.parse(await inert('/api/sessions?limit=50')));
  expect(list.items.map(({ title }) => title).sort()).toEqual([...hostile].sort());
  for (let n = 0; n < hostile.length; n++) {
    for (const part of ['', '/messages', '/tools', '/objectives', '/agents', '/timeline', '/screenshots'])
      await inert(`/api/sessions/s${n}${part}`);
  }
  await inert('/api/facets');
  await inert('/api/analytics/summary?groupBy=project');
});

it('is data in an error that repeats it', async () => {
  for (const text of hostile) {
    const named = encodeURIComponent(text);
    for (const path of [
      `/api/sessions/${named}`,
      `/api/sessions?sort=${named}`,
      `/api/sessions?${named}=1`,
      `/api/${named}`,
    ])
      problemSchema.parse(JSON.parse(await inert(path)));
  }
});

it('makes no header of its own', async () => {
  for (const id of [
    'a%0d%0aset-cookie:%20a=b',
    'a%0aset-cookie:%20a=b',
    'a%E5%98%8D%E5%98%8Aset-cookie:%20a=b',
  ]) {
    const response = await gateway.fetch(`/api/sessions/${id}`, { headers: gateway.bearer() });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect([400, 404]).toContain(response.status);
  }
});
