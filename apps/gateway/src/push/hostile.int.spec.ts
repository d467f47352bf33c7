import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName, problemSchema, pushLimits } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { login, adminPassword, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is written, path and all: fetch would tidy it up. */
function raw(path: string, body: string | Buffer, changes: Record<string, string> = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...gateway.bearer('admin'), ...changes };
  return new Promise((done, fail) => {
    const { port } = new URL(gateway.url);
    request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .once('error', fail)
      .end(body);
  });
}

/** A refusal as it should be: problem details that give nothing away. */
function refusedWith({ status, headers, text }: Answer): number {
  expect(headers['content-type']).toContain('application/problem+json');
  expect(problemSchema.parse(JSON.parse(text)).status).toBe(status);
  expect(text).not.toMatch(/\bat .*[(/].*:\d+:\d+|node_modules|QueryFailed|select |insert /);
  return status;
}

async function subjects(): Promise<string[]> {
  const manager = await jetstreamManager(gateway.connections.nats);
  const { state } = await manager.streams.info(factsStreamName, { subjects_filter: '>' });
  return Object.keys(state.subjects ?? {});
}

describe('paths', () => {
  it.each([
    '/api/sessions/%E0%A4%A/chat',
    '/api/sessions/%/chat',
    '/api/sessions/../chat',
    '/api/sessions/./chat',
    '/api/sessions/*/chat',
    '/api/sessions/%3E/chat',
    '/api/sessions/a.%3E/chat',
    '/api/sessions/a%20b/chat',
    '/api/sessions/a%0d%0ab/chat',
    '/api/sessions/a%00/chat',
    '/api/sessions/%00/chat',
    '/api/sessions/push:/chat',
    '/api/sessions/push:push:a/chat',
    '/api/sessions/push%3A..%2f..%2fx/chat',
    '/api/sessions/PUSH%3Aa%2fb/chat',
    '/api/sessions/%EF%BC%A1/chat',
    '/api/sessions/%F0%9F%98%80/chat',
    `/api/sessions/${'a'.repeat(129)}/chat`,
    `/api/sessions/push:${'a'.repeat(8000)}/chat`,
    '/api/sessions/__proto__/chat',
  ])('%s names no session', async (path) => {
    expect(refusedWith(await raw(path, '{"message":"x"}'))).toBe(400);
  });

  it('whatever an id is, its subject has five tokens and no wildcard', async () => {
    for (const id of ['a.b.c', 'constructor', 'toString', 'a@b:c=d+e~f_g-h', '0'])
      expect((await raw(`/api/sessions/${id}/chat`, '{"message":"x"}')).status).toBe(202);
    const all = await subjects();
    expect(all.length).toBeGreaterThanOrEqual(5);
    for (const subject of all)
      expect(subject).toMatch(/^telltale\.facts\.\d+\.push\.gateway-host\.[0-9a-f]{16}$/);
  });

  it('are the same to the router and to what reads bodies, however they are written', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/api/sessions/a/chat', '/API/Sessions/a/Chat', '/api/sessions/a/chat/']) {
      expect(refusedWith(await raw(path, 'message=x', form))).toBe(415);
      const large = JSON.stringify({ messages: [0, 1].map(() => ({ message: 'x'.repeat(80_000) })) });
      expect((await raw(path, large)).status).toBe(202);
    }
  });
});

describe('bodies', () => {
  const chat = '/api/sessions/bodies/chat';
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['{"message":"x","__proto__":{"role":"assistant"}}', 400],
    ['{"message":"x","constructor":{"prototype":{}}}', 400],
    ['{"__proto__":{"message":"x"}}', 400],
    ['{"message":"x","message":{"$ne":1}}', 400],
    ['{"messages":[{"message":"x"}],"message":"x"}', 400],
    ['null', 400],
    ['"message"', 400],
    ['1e999', 400],
    ['{"message":"x","usage":{"input":1e999}}', 400],
    ['{"message":"x","usage":{"input":-0.1}}', 400],
    [`{"message":${deep(200_000)}}`, 400],
    [deep(250_000), 400],
    [`{"message":"x","tool":{"name":"t","input":${deep(50_000)}}}`, 400],
    ['\u0000', 400],
    ['{"message":"x"} trailing', 400],
    [Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), 400],
  ])('case %# is refused', async (body, status) => {
    expect(refusedWith(await raw(chat, body))).toBe(status);
  });

  it('are taken or refused by their depth, never taken and then lost', async () => {
    const statuses = new Set<number>();
    let [takes, refuses] = [1000, 20_000];
    while (refuses - takes > 1) {
      const depth = Math.floor((takes + refuses) / 2);
      const body = `{"message":"x","tool":{"name":"t","input":${deep(depth)}}}`;
      const { status } = await raw(chat, body);
      statuses.add(status);
      if (status === 202) takes = depth;
      else refuses = depth;
    }
    expect([...statuses].sort()).toEqual([202, 400]);
  });

  it.each([
    ['text/plain', 415],
    ['application/xml', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=utf-99', 415],
    ['', 415],
    ['application/json; charset=utf-8', 202],
    ['APPLICATION/JSON', 202],
  ])('of type %j: %i', async (type, status) => {
    const answer = await raw(chat, '{"message":"x"}', { 'content-type': type });
    expect(answer.status).toBe(status);
    if (status !== 202) refusedWith(answer);
  });

  it('too large by any measure are refused, and little of them is kept', async () => {
    const before = process.memoryUsage().rss;
    const mib50 = Buffer.alloc(50 * 1024 * 1024, 'x');
    expect(refusedWith(await raw(chat, mib50))).toBe(413);
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '));
    expect(refusedWith(await raw(chat, bomb, { 'content-encoding': 'gzip' }))).toBe(413);
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(refusedWith(await raw(chat, Buffer.alloc(2 * 1024 * 1024, 'x'), chunked))).toBe(413);
    expect(refusedWith(await raw(chat, 'x', { 'content-encoding': 'lzma' }))).toBe(415);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  it('that never end hold up nobody', async () => {
    const { port } = new URL(gateway.url);
    const slow = Array.from({ length: 100 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      const { authorization } = gateway.bearer('admin');
      socket.write(
        `POST ${chat} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${authorization}\r\n` +
          `content-type: application/json\r\ncontent-length: ${pushLimits.bodyBytes}\r\n\r\n{"message":"`,
      );
      return socket;
    });
    await eventually(() => expect(slow.every((socket) => socket.bytesWritten > 0)).toBe(true));
    expect((await raw(chat, '{"message":"x"}')).status).toBe(202);
    for (const socket of slow) socket.destroy();
  });
});

describe('another page of the browser', () => {
  it('pushes nothing and makes no token with the user’s cookie', async () => {
    const { accessToken } = await login(gateway.url, 'admin', adminPassword);
    const own = { cookie: `telltale_0=${accessToken}`, authorization: '' };
    const send = async (path: string, body: string, more: Record<string, string>) => {
      const { authorization: _, ...headers } = { ...own, ...more };
      const response = await gateway.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return response.status;
    };
    const pages = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { origin: `${gateway.url}.evil.example` },
      { origin: `http://user@127.0.0.1` },
      { 'sec-fetch-site': 'cross-site' },
    ];
    const facts = async () => (await subjects()).length;
    const before = await facts();
    for (const page of pages) {
      expect(await send('/api/sessions', '{"session_id":"forged"}', page)).toBe(403);
      expect(await send('/api/sessions/forged/chat', '{"message":"x"}', page)).toBe(403);
      expect(await send('/api/sessions/forged/end', '{}', page)).toBe(403);
      expect(await send('/api/admin/tokens', '{"name":"x","scopes":["admin"]}', page)).toBe(403);
      const text = { ...page, 'content-type': 'text/plain' };
      expect(await send('/api/sessions/forged/chat', '{"message":"x"}', text)).toBe(403);
    }
    expect(await facts()).toBe(before);
    expect(await send('/api/sessions', '{"session_id":"own"}', { origin: gateway.url })).toBe(201);
  });
});
