import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '@telltale/platform/testing';
import { z } from 'zod';
import { httpLimits } from '../requests/http-limits';
import { rawConnection, rawRequest, statusOf } from '../testing/raw-request';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

/**
 * Short, so that the test need not wait, and not so short that a machine that stands still for a moment takes the test
 * for slow; their order is that of the real ones.
 */
const limits = {
  ...httpLimits,
  headersMs: 2000,
  requestMs: 4000,
  idleMs: 8000,
  keepAliveMs: 1000,
  checkEveryMs: 100,
};

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({}, { limits });
  admin = `authorization: ${gateway.bearer('admin')['authorization'] ?? ''}\r\n`;
});
afterAll(() => gateway.stop());

const raw = (text: string) => rawRequest(gateway.url, text);
const problemOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as unknown;

describe('who is slow', () => {
  it.each([
    ['says nothing at all', ''],
    ['sends a header now and then', 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: 1'],
    ['sends half a line', 'GET /heal'],
  ])('and %s is cut off', async (_, start) => {
    const connection = rawConnection(gateway.url);
    connection.socket.write(start);
    const drip = setInterval(() => connection.socket.write(start === '' ? '' : 'x'), 50);
    try {
      const text = await connection.ended(60_000);
      if (text !== '') expect(statusOf(text)).toBe(408);
    } finally {
      clearInterval(drip);
    }
  });

  it('with a body is cut off too, and told so', async () => {
    const connection = rawConnection(gateway.url);
    connection.socket.write(
      `POST /api/sessions HTTP/1.1\r\nhost: 127.0.0.1\r\n${admin}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
    );
    const drip = setInterval(() => connection.socket.write(' '), 50);
    try {
      expect(statusOf(await connection.ended(60_000))).toBe(408);
    } finally {
      clearInterval(drip);
    }
  });

  it('to ask again keeps no connection', async () => {
    const text = await raw('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    expect(statusOf(text)).toBe(200);
  });

  it('to take an answer is let go', async () => {
    const server = gateway.app.getHttpServer();
    const accepted = once(server, 'connection');
    const connection = rawConnection(gateway.url);
    connection.socket.pause();
    await accepted;
    // So many answers that no buffer of the system holds them, and nobody who takes them.
    const request = `GET /api/docs-json HTTP/1.1\r\nhost: 127.0.0.1\r\n${admin}\r\n`;
    connection.socket.write(request.repeat(200));
    const open = () => new Promise<number>((done) => server.getConnections((_, count) => done(count)));
    await eventually(async () => expect(await open()).toBe(0));
  });

  it('holds up nobody else', async () => {
    const slow = Array.from({ length: 200 }, () => rawConnection(gateway.url));
    for (const { socket } of slow) socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0');
    expect((await gateway.fetch('/healthz')).status).toBe(200);
    await Promise.all(slow.map((each) => each.ended(60_000)));
  });
});

describe('who is never silent for long', () => {
  let patient: TestGateway;
  const answers = 200;
  // Nobody is silent for so long here: what is cut is cut for being slow.
  beforeAll(async () => {
    patient = await startTestGateway(
      {},
      { limits: { ...httpLimits, readEveryMs: 4000, readBytes: 256 * 1024 } },
    );
  });
  afterAll(() => patient.stop());

  /** Asks for more than the system's buffers hold, and takes it in small bites. */
  const asking = (pauseMs: number) => {
    const taken = { bytes: 0, isCut: false };
    const buffer = Buffer.alloc(pauseMs === 0 ? 64 * 1024 : 1024);
    const { port, hostname } = new URL(patient.url);
    const socket = connect({
      port: Number(port),
      host: hostname,
      onread: {
        buffer,
        callback: (bytes) => {
          taken.bytes += bytes;
          if (pauseMs > 0) setTimeout(() => socket.resume(), pauseMs);
          return pauseMs === 0;
        },
      },
    });
    socket.on('error', () => undefined).on('close', () => (taken.isCut = true));
    const bearer = patient.bearer('admin')['authorization'] ?? '';
    const request = `GET /api/docs-json HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${bearer}\r\n`;
    socket.write(`${request}\r\n`.repeat(answers - 1) + `${request}connection: close\r\n\r\n`);
    return { socket, taken };
  };

  it('and takes an answer a little at a time is let go', async () => {
    const { socket, taken } = asking(50);
    const server = patient.app.getHttpServer();
    const open = () => new Promise<number>((done) => server.getConnections((_, count) => done(count)));
    await eventually(() => expect(taken.bytes).toBeGreaterThan(0));
    await eventually(async () => expect(await open()).toBe(0));
    socket.destroy();
  });

  it('and takes it as fast as it comes gets all of it', async () => {
    const one = await patient.fetch('/api/docs-json', { headers: patient.bearer('admin') });
    const { length } = await one.text();
    const { taken } = asking(0);
    await eventually(() => expect(taken.isCut).toBe(true));
    expect(taken.bytes).toBeGreaterThan(answers * length);
  });

  it('and never says who it is on a socket is forgotten, before anybody asks it anything', async () => {
    const polling = '/socket.io/?EIO=4&transport=polling';
    const opened = await (await patient.fetch(polling)).text();
    const { sid, pingInterval } = z
      .object({ sid: z.string(), pingInterval: z.number() })
      .parse(JSON.parse(opened.slice(1)));
    const since = performance.now();
    await eventually(async () => expect((await patient.fetch(`${polling}&sid=${sid}`)).status).toBe(400), {
      timeoutMs: pingInterval,
    });
    expect(performance.now() - since).toBeLessThan(pingInterval);
  });

  it.each([
    ['never says who it is', '/socket.io/?EIO=4&transport=websocket', maskedFrame(0x81, '3')],
    ['speaks another language', '/ws/stats/s1', maskedFrame(0x82, 'no text')],
  ])('and %s on a WebSocket need not agree to its end', async (_, path, frame) => {
    const connection = rawConnection(patient.url);
    const bearer = patient.bearer('admin')['authorization'] ?? '';
    const key = randomBytes(16).toString('base64');
    connection.socket.write(
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${bearer}\r\nconnection: upgrade\r\n` +
        `upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
    );
    await eventually(() => expect(statusOf(connection.received())).toBe(101));
    connection.socket.write(frame);
    await connection.ended(25_000); // ws itself would wait for the answer to its last frame for 30 s
  });
});

/** A WebSocket frame as a client sends it, masked with zeros. */
function maskedFrame(kind: number, bytes: string): Buffer {
  return Buffer.concat([Buffer.from([kind, 0x80 | bytes.length, 0, 0, 0, 0]), Buffer.from(bytes)]);
}

describe('what is no proper HTTP', () => {
  const start = 'POST /api/auth/login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

  it.each([
    ['two lengths', `${start}content-length: 2\r\ncontent-length: 3\r\n\r\n{}x`],
    ['a length and chunks', `${start}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks and a length', `${start}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n`],
    ['an unknown encoding', `${start}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['a blank before the colon', `${start}transfer-encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `${start}x-a: 1\r\n transfer-encoding: chunked\r\n\r\n`],
    ['a bare line feed', `POST /api/auth/login HTTP/1.1\nhost: 127.0.0.1\n\n`],
    ['a negative length', `${start}content-length: -1\r\n\r\n`],
    ['a length with a sign', `${start}content-length: +2\r\n\r\n{}`],
    ['a broken chunk', `${start}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a zero in a header', `${start}x-a: \u0000\r\n\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an unknown method', 'FLY /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'],
  ])('%s is refused, and the connection ends', async (_, text) => {
    const answer = await raw(text);
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1); // nothing of it became a second request
    expect(answer).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('is answered as everything is: a problem, and nothing for a browser to run', async () => {
    const answer = await raw('GET / HTTP/1.1\r\nx\r\n\r\n');
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain("content-security-policy: default-src 'none'");
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(problemOf(answer)).toEqual({ type: 'about:blank', title: 'Bad Request', status: 400 });
  });

  it('two hosts are none', async () => {
    const answer = await raw(
      `GET /api/sessions HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n${admin}connection: close\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(400);
  });

  it('more headers than anybody needs', async () => {
    const many = `x-a: ${'x'.repeat(17 * 1024)}\r\n`;
    expect(statusOf(await raw(`GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n${many}\r\n`))).toBe(431);
    const long = `GET /${'x'.repeat(17 * 1024)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
    expect([400, 431]).toContain(statusOf(await raw(long)));
  });

  it('thousands of small headers do not push out the one that counts', async () => {
    const small = Array.from({ length: 2500 }, () => 'a:\r\n').join('');
    const answer = await raw(
      `POST /api/auth/logout HTTP/1.1\r\nhost: 127.0.0.1\r\n${admin}${small}origin: https://evil.example\r\nconnection: close\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(403);
  });
});
