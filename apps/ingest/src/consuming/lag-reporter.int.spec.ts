import type { NatsConnection } from '@nats-io/transport-node';
import { ingestLagSchema, ingestLagSubject } from '@telltale/contracts';
import { connectNats } from '@telltale/platform';
import { eventually, startTestNats } from '@telltale/platform/testing';
import { LagReporter } from './lag-reporter';

describe('LagReporter', () => {
  let server: Awaited<ReturnType<typeof startTestNats>>;
  let nats: NatsConnection;
  let reporter: LagReporter;
  let lagBytes: number;
  let asked: number;
  let told: { readonly lagBytes: number; readonly at: number }[];

  beforeAll(async () => {
    server = await startTestNats();
    nats = await connectNats({ url: server.url, name: 'test' });
    nats.subscribe(ingestLagSubject, {
      callback: (_, message) => {
        const lag = ingestLagSchema.parse(message.json());
        told.push({ lagBytes: lag.lagBytes, at: performance.now() });
      },
    });
    await nats.flush();
  });
  beforeEach(() => {
    [lagBytes, asked, told] = [0, 0, []];
    reporter = new LagReporter(nats, () => {
      asked++;
      return lagBytes;
    });
    reporter.start();
  });
  afterEach(() => reporter.stop());
  afterAll(async () => {
    await nats?.close();
    await server?.stop();
  });

  it('tells at once at the start, then only signs of life, and does nothing in between', async () => {
    await eventually(() => expect(told).toHaveLength(3));
    expect(asked).toBe(3);
    const [first, second, third] = told;
    expect(second!.at - first!.at).toBeGreaterThan(1_900);
    expect(third!.at - second!.at).toBeGreaterThan(1_900);
  });

  it('tells a change soon, the last one for certain, and never more often than every 250 ms', async () => {
    await eventually(() => expect(told).toHaveLength(1));
    const began = performance.now();
    for (lagBytes = 1; lagBytes < 50_000; lagBytes++) {
      reporter.changed();
      if (lagBytes % 50 === 0) await new Promise((done) => setImmediate(done));
    }
    await eventually(() => expect(told.at(-1)?.lagBytes).toBe(50_000), { timeoutMs: 1_500 });
    const times = told.map(({ at }) => at);
    const gaps = times.slice(1).map((at, i) => at - times[i]!);
    // Both ends of a gap take their own time through the server.
    expect(Math.min(...gaps)).toBeGreaterThan(200);
    expect(told.length).toBeLessThanOrEqual(3 + (times.at(-1)! - began) / 250);
    expect(asked).toBe(told.length);
  });

  it('says also that the lag is still the same: what was published since has been read', async () => {
    await eventually(() => expect(told).toHaveLength(1));
    reporter.changed();
    await eventually(() => expect(told).toHaveLength(2), { timeoutMs: 1_000 });
    expect(told.map((one) => one.lagBytes)).toEqual([0, 0]);
  });

  it('is silent once it stopped', async () => {
    await eventually(() => expect(told).toHaveLength(1));
    reporter.changed();
    reporter.stop();
    reporter.changed();
    nats.publish(ingestLagSubject, JSON.stringify({ lagBytes: 7, at: new Date().toISOString() }));
    await eventually(() => expect(told).toHaveLength(2));
    expect(told.at(-1)?.lagBytes).toBe(7);
    expect(asked).toBe(1);
  });
});
