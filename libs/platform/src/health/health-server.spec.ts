import { Counter } from 'prom-client';
import { createMetrics } from '../metrics/metrics';
import { checked, startHealthServer, type HealthServer, type Readiness } from './health-server';

describe('startHealthServer', () => {
  let ready: () => Promise<Readiness> = () => Promise.resolve({ ok: true, detail: { nats: 'ok' } });
  let server: HealthServer;
  beforeAll(async () => {
    const metrics = createMetrics('spec');
    new Counter({ name: 'lines_total', help: 'lines', registers: [metrics] }).inc(3);
    server = await startHealthServer({ host: '127.0.0.1', port: 0, ready: () => ready(), metrics });
  });
  afterAll(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

  it('says that the process lives, whatever it depends on', async () => {
    ready = () => Promise.reject(new Error('down'));
    expect((await get('/healthz')).status).toBe(200);
  });

  it('says whether it is ready, and what is not', async () => {
    ready = () => Promise.resolve({ ok: true, detail: { nats: 'ok' } });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', detail: { nats: 'ok' } });
    ready = () => Promise.reject(new Error('database down'));
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: 'not ready', detail: 'database down' });
  });

  it('counts a check that hangs as not ready', async () => {
    expect(await checked(() => new Promise(() => undefined), 10)).toEqual({
      ok: false,
      detail: 'no answer within 10 ms',
    });
  });

  it('serves the metrics with the service’s name, and nothing else', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toContain('lines_total{service="spec"} 3');
    expect(text).toContain('process_resident_memory_bytes');
    expect((await get('/etc/passwd')).status).toBe(404);
  });
});
