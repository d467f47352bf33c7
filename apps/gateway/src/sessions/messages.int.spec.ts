import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import {
  factHeaders,
  factSubject,
  messageListSchema,
  problemSchema,
  type MessageList,
} from '@telltale/contracts';
import { putItem, putSession, putUsage, type ItemSeed } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { encodeCursor } from './cursor';

let gateway: TestGateway;
const pool = () => gateway.connections.readModel;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await pool().query('truncate session, item, usage');
  await putSession(pool(), { id: 's' });
});

const page = async (query = ''): Promise<MessageList> => {
  const { body } = await gateway.get(`/api/sessions/s/messages${query}`);
  return messageListSchema.parse(body);
};
const keys = ({ items }: MessageList) => items.map(({ id }) => id);
const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const put = (key: string, item: Partial<ItemSeed> = {}) =>
  putItem(pool(), { key, session: 's', kind: 'prompt', at: at(0), ...item });

describe('the feed', () => {
  it('is ordered by time, then by place in the log; what has no time comes last', async () => {
    await put('p:4', { at: null, sequence: 1 });
    await put('p:3', { at: at(2), sequence: 1 });
    await put('p:2', { at: at(1), sequence: 9, line: 1 });
    await put('p:1', { at: at(1), sequence: 9, line: 0 });
    await put('p:5', { at: null, sequence: 2 });
    const all = ['p:1', 'p:2', 'p:3', 'p:4', 'p:5'];
    expect(keys(await page())).toEqual(all);

    const forward: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next = await page(`?limit=1${cursor ? `&after=${cursor}` : ''}`);
      forward.push(...keys(next));
      cursor = next.nextCursor;
    }
    expect(forward).toEqual(all);

    const backward: string[][] = [];
    for (let cursor: string | null = 'end'; cursor !== null;) {
      const next: MessageList = await page(`?limit=2&before=${cursor}`);
      backward.unshift(keys(next));
      cursor = next.nextCursor;
    }
    expect(backward).toEqual([['p:1'], ['p:2', 'p:3'], ['p:4', 'p:5']]);
  });

  it('takes the id of a message for a cursor', async () => {
    for (const n of [1, 2, 3]) await put(`p:${n}`, { at: at(n) });
    expect(keys(await page('?after=p:2'))).toEqual(['p:3']);
    expect(keys(await page('?before=p:2'))).toEqual(['p:1']);
  });

  it('filters, and counts what it filters', async () => {
    await put('p:1', { preview: 'please build' });
    await put('m:1', { kind: 'assistant', preview: 'Building', at: at(1), model: 'claude-opus-4-6' });
    await put('t:1', { kind: 'tool', name: 'Bash', input: '{"command":"make"}', at: at(2), agent: 'x1' });
    await put('t:2', { kind: 'tool', used: false, at: at(3) });
    await put('c:1', { kind: 'compaction', at: at(4) });
    await put('e:1', { kind: 'error', name: 'api_error', preview: 'overloaded', isError: true, at: at(5) });
    expect(await page()).toMatchObject({ total: 4 });
    expect(keys(await page('?kind=tool'))).toEqual(['t:1']);
    expect(keys(await page('?kind=prompt,error'))).toEqual(['p:1', 'e:1']);
    expect(keys(await page('?agent=x1'))).toEqual(['t:1']);
    expect(keys(await page('?agent=main'))).toEqual(['p:1', 'm:1', 'e:1']);
    expect(keys(await page('?q=BUILD'))).toEqual(['p:1', 'm:1']);
    expect(keys(await page('?q=make'))).toEqual(['t:1']);
    expect(await page('?q=make&limit=1')).toMatchObject({ total: 1, nextCursor: null });
  });

  it('tells tools with result, error and time, and messages with what they used', async () => {
    const parts = [
      { u: 'use', s: 1, l: 0, r: 'use' },
      { u: 'result', s: 2, l: 0, r: 'result' },
    ];
    await put('t:1', {
      kind: 'tool',
      name: 'Bash',
      input: '{"command":"make"}',
      preview: 'No rule',
      isError: true,
      endedAt: '2026-03-01T10:00:01.500Z',
      parts,
    });
    await put('t:2', { kind: 'tool', name: 'Read', input: '{}', at: at(1), parts: parts.slice(0, 1) });
    await put('m:1', { kind: 'assistant', at: at(2), model: 'claude-opus-4-6', preview: 'Done.' });
    await putUsage(pool(), {
      key: 'm:1',
      session: 's',
      at: at(2),
      tokens: { input: 2, output: 3 },
      costPico: '1500000',
    });
    await putUsage(pool(), {
      key: 'm:1',
      session: 's',
      at: at(2),
      request: 'r2',
      tokens: { input: 1 },
      costPico: '500000',
    });
    await putUsage(pool(), {
      key: 'm:1',
      session: 's',
      at: at(2),
      request: 'r3',
      tokens: { input: 9 },
      owner: null,
    });
    const [bash, read, message] = (await page()).items;
    expect(bash?.tool).toEqual({
      name: 'Bash',
      input: '{"command":"make"}',
      result: 'No rule',
      isError: true,
      durationMs: 1500,
    });
    expect(read?.tool).toMatchObject({ name: 'Read', result: null, durationMs: null });
    expect(message).toMatchObject({ author: 'assistant', text: 'Done.', costUsd: 0.000002 });
    expect(message?.tokens).toMatchObject({ input: 3, output: 3, total: 6 });
  });

  it.each([
    ['?after=nonsense', 'after'],
    ['?before=nonsense', 'before'],
    [`?after=${encodeCursor([null, '1', 1e15, 'p:1'])}`, 'after'],
    [`?before=${encodeCursor(['999999-01-01 00:00:00+00', '1', 1, 'p:1'])}`, 'before'],
    ['?after=p:1&before=p:2', 'before'],
    ['?kind=joke', 'kind.0'],
    ['?page=2', 'page'],
  ])('refuses %s', async (query, field) => {
    const { body } = await gateway.get(`/api/sessions/s/messages${query}`);
    expect(problemSchema.parse(body)).toMatchObject({ status: 400, field });
  });
});

describe('whole texts', () => {
  const preview = 'x'.repeat(2048);
  const whole = `${'x'.repeat(200_000)} the end`;
  const line = (uuid: string, content: unknown) =>
    JSON.stringify({
      type: 'user',
      uuid,
      sessionId: 's',
      timestamp: at(0),
      message: { role: 'user', content },
    });

  const publish = async (body: Uint8Array, part?: string): Promise<number> => {
    const subject = factSubject({
      partition: 0,
      source: 'claude-code',
      host: 'atlas',
      file: '0123456789abcdef',
    });
    const told = headers();
    const attributes = {
      specversion: '1.0',
      id: 'fact-0001',
      source: '/watchers/atlas',
      time: at(0),
      generation: 'g1',
    } as const;
    const pairs = factHeaders({
      ...attributes,
      type: 'telltale.file.appended.v1',
      path: '/home/kim/.claude/projects/shop/s.jsonl',
      root: '/home/kim/.claude',
      from: 0,
      to: body.byteLength,
      ...(part ? { part } : {}),
    });
    for (const [name, value] of pairs) told.set(name, value);
    const { seq } = await jetstream(gateway.connections.nats).publish(subject, body, { headers: told });
    return seq;
  };
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('are read from the log, by fact and line', async () => {
    const s = await publish(bytes(`${line('other', 'short')}\n${line('1', whole)}\n`));
    await put('p:1', { preview, parts: [{ u: 'p:1', s, l: 1 }] });
    expect((await page()).items[0]).toMatchObject({ text: whole, preview });
  });

  it('are put together from the parts of a long line, other facts between them', async () => {
    const body = bytes(`${line('1', whole)}\n`);
    const s = await publish(body.subarray(0, 70_000), '1/3');
    await publish(body.subarray(70_000, 140_000), '2/3');
    await jetstream(gateway.connections.nats).publish(
      'telltale.facts.0.claude-code.atlas.fedcba9876543210',
      'other file',
    );
    await publish(body.subarray(140_000), '3/3');
    await put('p:1', { preview, parts: [{ u: 'p:1', s, l: 0 }] });
    expect((await page()).items[0]?.text).toBe(whole);
  });

  it('are what the preview says where the log no longer holds them', async () => {
    await put('p:1', { preview, parts: [{ u: 'p:1', s: 999_999, l: 0 }] });
    expect((await page()).items[0]?.text).toBe(preview);
  });

  it('end a page early where they are long, in both directions', async () => {
    const long = 'y'.repeat(900_000);
    const ids = Array.from({ length: 20 }, (_, n) => `p:${String(n).padStart(2, '0')}`);
    for (const [n, id] of ids.entries()) {
      const s = await publish(bytes(`${line(id.slice(2), long)}\n`));
      await put(id, { at: at(n), preview, parts: [{ u: id, s, l: 0 }] });
    }
    for (const way of ['after', 'before']) {
      const found: string[] = [];
      let pages = 0;
      for (let query: string | null = way === 'after' ? '' : '?before=end'; query !== null; pages++) {
        const { items, nextCursor, total } = await page(query);
        expect(total).toBe(20);
        expect(items.every(({ text }) => text === long)).toBe(true);
        // Ten hold more than 8 Mi characters.
        expect(items.length).toBeLessThanOrEqual(10);
        const told = items.map(({ id }) => id);
        if (way === 'after') found.push(...told);
        else found.unshift(...told);
        query = nextCursor && `?${way}=${nextCursor}`;
      }
      expect({ found, pages }).toEqual({ found: ids, pages: 2 });
    }
  });

  it('of tools are input and result', async () => {
    const use = JSON.stringify({
      type: 'assistant',
      uuid: 'u1',
      sessionId: 's',
      timestamp: at(0),
      message: {
        id: 'm1',
        role: 'assistant',
        model: 'm',
        content: [{ type: 'tool_use', id: '1', name: 'Write', input: { text: whole } }],
      },
    });
    const result = line('u2', [{ type: 'tool_result', tool_use_id: '1', content: whole }]);
    const s = await publish(bytes(`${use}\n${result}\n`));
    const parts = [
      { u: 'use', s, l: 0, r: 'use' },
      { u: 'result', s, l: 1, r: 'result' },
    ];
    await put('t:1', { kind: 'tool', name: 'Write', input: preview, preview, parts });
    const tool = (await page()).items[0]?.tool;
    expect(tool?.input).toContain('the end');
    expect(tool?.result).toBe(whole);
  });
});
