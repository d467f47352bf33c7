import { ModulesContainer } from '@nestjs/core';
import { io, type Socket } from 'socket.io-client';
import { LiveGateway } from '../live/live.gateway';
import { callersOf, type Caller } from '../testing/callers';
import { rawRequest, statusOf } from '../testing/raw-request';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

/** Every namespace of Socket.IO, and the events each takes. One that is not listed here fails the test. */
const namespaces: Readonly<Record<string, readonly string[]>> = {
  '/': [],
  '/live': ['subscribe', 'unsubscribe'],
};
/** Every path that becomes a WebSocket by itself; all need the scope read. */
const webSockets = ['/ws/session/x', '/ws/stats/x'];

let gateway: TestGateway;
let callers: Caller[];
beforeAll(async () => {
  gateway = await startTestGateway();
  callers = await callersOf(gateway);
});
afterAll(() => gateway.stop());

type Verdict = 401 | 403 | 'let in';

function expected({ scopes }: Caller): Verdict {
  if (scopes === undefined) return 401;
  return scopes.some((scope) => scope !== 'push') ? 'let in' : 403;
}

/** What the server really holds. */
function namespacesThere(): string[] {
  const live = gateway.app.get(LiveGateway)['sockets'];
  return [...live.server._nsps.keys()].sort();
}

/** Events by namespace, from the decorators of whoever takes them. */
function eventsThere(): Record<string, string[]> {
  const modules = [...gateway.app.get(ModulesContainer).values()];
  const providers = new Set(modules.flatMap((module) => [...module.providers.values()]));
  const found: Record<string, string[]> = {};
  for (const { metatype } of providers) {
    if (!metatype || Reflect.getMetadata('websockets:is_gateway', metatype) !== true) continue;
    const options = Reflect.getMetadata('websockets:gateway_options', metatype) as { namespace?: string };
    const prototype = (metatype as { prototype: object }).prototype;
    const events = Object.getOwnPropertyNames(prototype).flatMap((name): string[] => {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (typeof handler !== 'function' || !Reflect.getMetadata('websockets:message_mapping', handler))
        return [];
      return [String(Reflect.getMetadata('message', handler))];
    });
    found[options.namespace ?? '/'] = events.sort();
  }
  return found;
}

function connect(namespace: string, { headers, query = '' }: Caller, transport: string): Promise<Verdict> {
  const client: Socket = io(`${gateway.url}${namespace}${query}`, {
    transports: [transport],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
  });
  return new Promise<Verdict>((done) => {
    client.once('connect', () => done('let in'));
    client.once('connect_error', (error: Error & { data?: { status: 401 | 403 } }) =>
      done(error.data?.status ?? 401),
    );
  }).finally(() => client.disconnect());
}

it('knows every namespace and every event', () => {
  expect(namespacesThere()).toEqual(Object.keys(namespaces).sort());
  expect(eventsThere()).toEqual(namespaces);
});

it('lets in who may read, by both transports, and nobody else', async () => {
  const ways = Object.keys(namespaces).flatMap((namespace) =>
    ['websocket', 'polling'].map((transport) => ({ namespace, transport })),
  );
  const wrong: unknown[] = [];
  for (const caller of callers) {
    const wanted = caller.query === undefined ? expected(caller) : 'let in'; // here a token may stand in the query
    for (const { namespace, transport } of ways) {
      const given = await connect(namespace, caller, transport);
      if (given !== wanted) wrong.push([caller.who, namespace, transport, given]);
    }
  }
  expect(wrong).toEqual([]);
});

it('opens no WebSocket for who may not read', async () => {
  const wrong: unknown[] = [];
  for (const caller of callers) {
    for (const path of webSockets) {
      const headers = Object.entries({ host: '127.0.0.1', ...caller.headers });
      const told = [
        `GET ${path}${caller.query ?? ''} HTTP/1.1`,
        ...headers.map(([name, value]) => `${name}: ${value}`),
        'connection: Upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
      ].join('\r\n');
      const close = Buffer.from([0x88, 0x80, 0, 0, 0, 0]); // or who is let in would stay
      const status = statusOf(await rawRequest(gateway.url, `${told}\r\n\r\n`, close));
      const given = status === 101 ? 'let in' : status;
      const wanted = caller.query === undefined ? expected(caller) : 'let in';
      if (given !== wanted) wrong.push([caller.who, path, { wanted, given }]);
    }
  }
  expect(wrong).toEqual([]);
});

it('nobody listens for upgrades but Socket.IO and the WebSockets above', () => {
  const server = gateway.app.getHttpServer();
  expect(server.listenerCount('upgrade')).toBe(2);
});
