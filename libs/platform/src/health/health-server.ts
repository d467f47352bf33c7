import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** `detail` says for people and machines what is checked and how it is. */
export interface Readiness {
  readonly ok: boolean;
  readonly detail: unknown;
}

export interface HealthServerRequest {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Registry;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A readiness check that takes longer than this counts as "not ready". */
const readyTimeoutMs = 5000;

/** Serves `/healthz` (the process answers), `/readyz` (200 or 503 with the detail) and `/metrics` (Prometheus text). */
export async function startHealthServer(request: HealthServerRequest): Promise<HealthServer> {
  const server = createServer((incoming, response) => {
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    void answer(path, request, response);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(request.port, request.host, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(path: string, request: HealthServerRequest, response: ServerResponse): Promise<void> {
  if (path === '/healthz') return json(response, 200, { status: 'ok' });
  if (path === '/readyz') {
    const readiness = await checked(request.ready);
    return json(response, readiness.ok ? 200 : 503, {
      status: readiness.ok ? 'ready' : 'not ready',
      detail: readiness.detail,
    });
  }
  if (path !== '/metrics') return json(response, 404, { status: 'not found' });
  response.writeHead(200, { 'content-type': request.metrics.contentType });
  response.end(await request.metrics.metrics());
}

/** A check that fails or hangs is an answer too: not ready. */
export async function checked(
  ready: () => Promise<Readiness>,
  timeoutMs = readyTimeoutMs,
): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((done) => {
    timer = setTimeout(() => done({ ok: false, detail: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    return await Promise.race([ready(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
