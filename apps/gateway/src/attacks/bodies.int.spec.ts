import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createdApiTokenSchema, problemSchema } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { rawConnection, rawRequest, statusOf } from '../testing/raw-request';
import { routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let admin: string;
const sockets: Socket[] = [];
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = `authorization: ${gateway.bearer('admin')['authorization'] ?? ''}\r\n`;
  gateway.app.getHttpServer().on('connection', (socket: Socket) => sockets.push(socket));
});
afterAll(() => gateway.stop());

const mib = 1024 * 1024;
const head = (path: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${more}\r\n`;
const told = (bytes: number) => `content-length: ${bytes}\r\n`;
const chunked = 'transfer-encoding: chunked\r\n';

/** Of the newest connection, as Node counted them. */
const bytesRead = () => sockets.at(-1)?.bytesRead ?? Infinity;

/** Sends chunk after chunk until the other end will not have any more. @returns the answer, and how much was sent */
async function sendWithoutEnd(start: string, most: number): Promise<{ status: number; read: number }> {
  const connection = rawConnection(gateway.url);
  const { socket } = connection;
  socket.write(start);
  const data = 'x'.repeat(16 * 1024);
  const chunk = `${data.length.toString(16)}\r\n${data}\r\n`;
  for (let sent = 0; sent < most && !socket.destroyed && !socket.closed; sent += data.length) {
    if (!socket.write(chunk))
      await new Promise<void>((done) => {
        socket.once('drain', done);
        socket.once('close', () => done());
      });
  }
  const text = await connection.ended();
  return { status: statusOf(text), read: bytesRead() };
}

describe('who is nobody', () => {
  it('is refused before the body is read, on every route that is not open', async () => {
    const routes = routesOf(gateway).filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method));
    expect(routes.length).toBeGreaterThan(8);
    for (const { method, path } of routes) {
      if (/\/(login|sign-in)$/.test(path)) continue;
      const where = path.replaceAll(/:\w+/g, 'x');
      const start = head(where, told(50 * mib)).replace('POST', method);
      const text = await rawRequest(gateway.url, start, '{"message":"');
      expect({ method, path, status: statusOf(text) }).toEqual({ method, path, status: 401 });
      expect(text).toMatch(/^connection: close\r$/im);
      expect(bytesRead()).toBeLessThan(64 * 1024);
    }
  });

  it('cannot make the gateway read on by sending without end', async () => {
    const { status, read } = await sendWithoutEnd(head('/api/sessions/x/chat', chunked), 64 * mib);
    expect(status).toBe(401);
    expect(read).toBeLessThan(8 * mib);
  });

  it('is not asked for the body by who waits to be told to go on', async () => {
    const waiting = `expect: 100-continue\r\n${told(1000)}`;
    expect(await rawRequest(gateway.url, head('/api/sessions', waiting))).toMatch(/^HTTP\/1\.1 401 /);
    const connection = rawConnection(gateway.url);
    const body = '{"session_id":"waited"}';
    const own = `${admin}expect: 100-continue\r\nconnection: close\r\n${told(body.length)}`;
    connection.socket.write(head('/api/sessions', own));
    await eventually(() => expect(connection.received()).toMatch(/^HTTP\/1\.1 100 Continue/));
    connection.socket.write(body);
    expect(await connection.ended()).toContain('HTTP/1.1 201 Created');
  });

  it('signs in with little, or not at all', async () => {
    const start = head('/api/auth/login', told(17 * 1024));
    expect(statusOf(await rawRequest(gateway.url, start))).toBe(413);
    const { status, read } = await sendWithoutEnd(head('/api/auth/login', chunked), 16 * mib);
    expect(status).toBe(413);
    expect(read).toBeLessThan(4 * mib);
  });
});

describe('too much', () => {
  it.each([
    ['/api/sessions/x/chat', 512 * 1024],
    ['/api/admin/tokens', 100 * 1024],
    ['/api/admin/users', 100 * 1024],
  ])('of %s is refused by its told length, and by what comes where none is told', async (path, limit) => {
    expect(statusOf(await rawRequest(gateway.url, head(path, admin + told(limit + 1))))).toBe(413);
    expect(bytesRead()).toBeLessThan(64 * 1024);
    const endless = await sendWithoutEnd(head(path, admin + chunked), 64 * mib);
    expect(endless.status).toBe(413);
    expect(endless.read).toBeLessThan(limit + 8 * mib);
    const within = `{"x":"${'x'.repeat(limit - 8)}"}`;
    const answer = await gateway.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
      body: within,
    });
    expect(answer.status).toBe(400); // read, and found to be nothing
  });

  it('is what a bomb unpacks to, whatever it is packed with', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * mib, ' '));
    const before = process.memoryUsage().rss;
    const response = await gateway.fetch('/api/admin/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...gateway.bearer('admin') },
      body: bomb.subarray(0, 90 * 1024),
    });
    expect(response.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * mib);
  });

  it('is a window of 128 MiB that a few bytes ask for', async () => {
    const packed = (logOfWindow: number) => {
      const body = Buffer.from('{"name":"small","scopes":["read"]}');
      const block = Buffer.alloc(3);
      block.writeUIntLE((body.length << 3) | 1, 0, 3); // the last one, not packed
      return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (logOfWindow - 10) << 3]), block, body]);
    };
    const statusWith = async (logOfWindow: number) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' };
      return (
        await gateway.fetch('/api/admin/tokens', {
          method: 'POST',
          headers: { ...headers, ...gateway.bearer('admin') },
          body: packed(logOfWindow),
        })
      ).status;
    };
    expect([await statusWith(21), await statusWith(23), await statusWith(27)]).toEqual([201, 201, 400]);
  });

  it('is any body of a request that has none', async () => {
    for (const method of ['GET', 'HEAD']) {
      const start = head('/api/sessions', admin + told(10 * mib)).replace('POST', method);
      expect(statusOf(await rawRequest(gateway.url, start))).toBe(400);
    }
  });
});

describe('what is no body of ours', () => {
  const send = async (
    method: string,
    path: string,
    body: string | Buffer,
    more: Record<string, string> = {},
  ) => {
    const headers = { 'content-type': 'application/json', ...gateway.bearer('admin'), ...more };
    const response = await gateway.fetch(path, { method, headers, body });
    return { status: response.status, text: await response.text() };
  };
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('is refused on every route, and pollutes nothing', async () => {
    const bodies: (string | Buffer)[] = [
      deep(45_000),
      `{"a":${deep(45_000)}}`,
      `${'{"a":'.repeat(16_000)}1${'}'.repeat(16_000)}`,
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '[{"__proto__":{"polluted":true}}]',
      'null',
      '"text"',
      '1',
      '{"a":1} trailing',
      '{"a":1e999}',
      '',
      ' ',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      Buffer.from('{"a":1}', 'utf16le'),
    ];
    const routes = routesOf(gateway).filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method));
    const wrong: unknown[] = [];
    for (const { method, path } of routes) {
      if (path === '/api/auth/logout') continue;
      const limit = /\/(login|sign-in)$/.test(path) ? 16 * 1024 : 100 * 1024;
      for (const body of bodies.filter(({ length }) => length <= limit)) {
        const { status, text } = await send(method, path.replaceAll(/:\w+/g, 'x'), body);
        // A route that takes no body, or whose fields may all be left out, may do without.
        const isRefused = status >= 400 && status < 500;
        if (!isRefused && body.toString().trim() !== '' && !(await takesNone(method, path)))
          wrong.push([method, path, body.toString().slice(0, 40), status]);
        if ((status >= 500 && status !== 503) || /\bat .*:\d+:\d+/.test(text))
          wrong.push([method, path, 'broke', status]);
      }
    }
    expect(wrong).toEqual([]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('says nothing of what was in it', async () => {
    const { status, text } = await send('POST', '/api/auth/login', '{"password":"hunter2", broken');
    expect(status).toBe(400);
    expect(text).not.toContain('hunter2');
    expect(problemSchema.parse(JSON.parse(text)).detail).toBe('The body is not a JSON object.');
  });

  it.each([
    ['identity, gzip', 415],
    ['compress', 415],
    ['gzip', 400], // and is none
  ])('with the encoding %j: %i', async (encoding, status) => {
    expect((await send('POST', '/api/sessions', '{}', { 'content-encoding': encoding })).status).toBe(status);
  });

  it('may be packed, if it is a body of ours', async () => {
    const body = gzipSync(JSON.stringify({ name: 'packed', scopes: ['read'] }));
    const { status, text } = await send('POST', '/api/admin/tokens', body, { 'content-encoding': 'gzip' });
    expect(status).toBe(201);
    expect(createdApiTokenSchema.parse(JSON.parse(text)).name).toBe('packed');
  });

  async function takesNone(method: string, path: string): Promise<boolean> {
    const document = (await gateway.get('/api/docs-json')).body as {
      paths: Record<string, Record<string, { requestBody?: unknown }>>;
    };
    const described = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    return described !== undefined && described.requestBody === undefined;
  }
});
