import { request } from 'node:http';
import { io } from 'socket.io-client';
import { adminPassword, login, routesOf, startTestGateway, type TestGateway } from '../testing/test-gateway';

const trusted = 'https://tools.example.org';
let gateway: TestGateway;
let cookie: string;
beforeAll(async () => {
  gateway = await startTestGateway({ allowedOrigins: [trusted] });
  cookie = `telltale_0=${(await login(gateway.url, 'admin', adminPassword)).accessToken}`;
});
afterAll(() => gateway.stop());

const foreign: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1' },
  { origin: 'http://localhost:3000' },
  { origin: `${trusted}.evil.example` },
  { origin: 'https://user@tools.example.org' },
  { origin: '' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

describe('a page of a foreign origin', () => {
  it('changes nothing, on any route, with the user’s cookie', async () => {
    const wrong: unknown[] = [];
    const changing = routesOf(gateway).filter(({ method }) => method !== 'GET');
    expect(changing.length).toBeGreaterThan(10);
    for (const { method, path } of changing) {
      for (const page of foreign) {
        const headers = { cookie, 'content-type': 'application/json', ...page };
        const body = method === 'DELETE' ? null : '{}';
        const { status } = await gateway.fetch(path.replaceAll(/:\w+/g, 'x'), { method, headers, body });
        if (status !== 403) wrong.push([method, path, page, status]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no forms: what a form can send is not read, not even of a page that may', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      for (const [path, method] of [
        ['/api/admin/tokens', 'POST'],
        ['/api/admin/users/x', 'PATCH'],
        ['/api/auth/login', 'POST'],
        ['/api/sessions', 'POST'],
      ] as const) {
        const headers = { cookie, 'content-type': type };
        const { status } = await gateway.fetch(path, {
          method,
          headers,
          body: '{"name":"x","scopes":["admin"]}',
        });
        expect({ type, path, status }).toEqual({ type, path, status: 415 });
      }
    }
  });

  it('opens no socket, by whichever transport', async () => {
    for (const transport of ['polling', 'websocket']) {
      for (const page of foreign.filter(({ origin }) => origin !== '')) {
        const client = io(`${gateway.url}/live`, {
          transports: [transport],
          reconnection: false,
          forceNew: true,
          extraHeaders: { cookie, ...page },
        });
        const refused = await new Promise<boolean>((done) => {
          client.once('connect', () => done(false));
          client.once('connect_error', () => done(true));
        });
        client.disconnect();
        expect({ transport, page, refused }).toEqual({ transport, page, refused: true });
      }
    }
  });

  it('reads nothing: only trusted origins are told that they may', async () => {
    const cors = async (origin: string, method = 'GET') => {
      const { headers } = await gateway.fetch('/api/auth/me', { method, headers: { origin, cookie } });
      return headers.get('access-control-allow-origin');
    };
    for (const { origin } of foreign) if (origin) expect(await cors(origin)).toBeNull();
    expect(await cors('https://evil.example', 'OPTIONS')).toBeNull();
    expect(await cors(trusted)).toBe(trusted);
    expect(await cors(trusted, 'OPTIONS')).toBe(trusted);
    const { headers } = await gateway.fetch('/api/auth/me', { headers: { origin: trusted, cookie } });
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
  });
});

describe('a name that was rebound to this address', () => {
  const asked = (path: string, host: string, headers: Record<string, string> = {}) =>
    new Promise<number>((done, fail) => {
      request(`${gateway.url}${path}`, { headers: { cookie, ...headers, host } }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      })
        .once('upgrade', () => done(101))
        .once('error', fail)
        .end();
    });

  it('is not answered, whatever is asked for', async () => {
    const port = new URL(gateway.url).port;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      'localhost@evil',
    ]) {
      for (const path of ['/api/sessions', '/', '/api/docs', '/api/screenshots/x', '/nothing'])
        expect({ host, path, status: await asked(path, host) }).toEqual({ host, path, status: 421 });
      const polling = '/socket.io/?EIO=4&transport=polling';
      expect(await asked(polling, host)).toBe(403);
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
      const key = { 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
      const socket = '/socket.io/?EIO=4&transport=websocket';
      expect([400, 403]).toContain(await asked(socket, host, { ...upgrade, ...key }));
    }
    expect(await asked('/api/sessions', `localhost:${port}`)).toBe(200);
  });

  it('reads no metrics: what is open to the machine itself is not open to the pages it shows', async () => {
    const port = new URL(gateway.url).port;
    expect(await asked('/metrics', `evil.example:${port}`, { cookie: '' })).toBe(401);
    expect(await asked('/metrics', `localhost:${port}`, { cookie: '' })).toBe(200);
    expect(await asked('/metrics', 'scraped.by.a.name', gateway.bearer())).toBe(200);
    expect(await asked('/healthz', 'scraped.by.a.name', { cookie: '' })).toBe(200);
  });
});

describe('every answer', () => {
  it('of Socket.IO itself, too: a handshake, a refusal, nonsense', async () => {
    const polling = '/socket.io/?EIO=4&transport=polling';
    const answers: [string, Response, number][] = [
      ['handshake', await gateway.fetch(polling), 200],
      ['foreign page', await gateway.fetch(polling, { headers: { origin: 'https://evil.example' } }), 403],
      ['no session', await gateway.fetch(`${polling}&sid=nope`), 400],
      ['no transport', await gateway.fetch('/socket.io/?EIO=4&transport=pigeon'), 400],
      ['no engine', await gateway.fetch('/socket.io/'), 400],
    ];
    for (const [name, { status, headers }, expected] of answers) {
      expect({ name, status }).toEqual({ name, status: expected });
      expect({ name, nosniff: headers.get('x-content-type-options') }).toEqual({ name, nosniff: 'nosniff' });
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('says what browsers may do with it: next to nothing', async () => {
    const admin = { headers: gateway.bearer('admin') };
    const list = await gateway.fetch('/api/sessions', admin);
    const etag = list.headers.get('etag') ?? '';
    const answers: [string, Response, number][] = [
      ['a list', list, 200],
      [
        'not modified',
        await gateway.fetch('/api/sessions', { headers: { ...admin.headers, 'if-none-match': etag } }),
        304,
      ],
      ['nobody', await gateway.fetch('/api/sessions'), 401],
      ['forbidden', await gateway.fetch('/api/admin/users', { headers: gateway.bearer('viewer') }), 403],
      ['no such session', await gateway.fetch('/api/sessions/nope', admin), 404],
      ['no such route', await gateway.fetch('/api/nope', admin), 404],
      ['no page yet', await gateway.fetch('/'), 503],
      ['no such file', await gateway.fetch('/nope.js', { method: 'POST' }), 404],
      ['bad query', await gateway.fetch('/api/sessions?limit=x', admin), 400],
      ['bad escape', await gateway.fetch('/api/sessions/%E0%A4%A', admin), 400],
      ['no body', await gateway.fetch('/api/auth/login', { method: 'POST' }), 400],
      ['no content', await gateway.fetch('/api/auth/me', { method: 'OPTIONS' }), 204],
      ['health', await gateway.fetch('/healthz'), 200],
    ];
    for (const [name, { status, headers }, expected] of answers) {
      expect({ name, status }).toEqual({ name, status: expected });
      const policy = headers.get('content-security-policy') ?? '';
      for (const directive of [
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
      ])
        expect({ name, policy }).toEqual({ name, policy: expect.stringContaining(directive) });
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*|https?:/);
      expect({ name, nosniff: headers.get('x-content-type-options') }).toEqual({ name, nosniff: 'nosniff' });
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
      if (status >= 400 && name !== 'no page yet') {
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('content-type')).toContain('application/problem+json');
      }
    }
  });
});
