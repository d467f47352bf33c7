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
  /** When it was asked for each figure it tells; how long that takes through the server is not its own time. */
  let asked: number[];
  let told: number[];

  beforeAll(async () => {
    server = await startTestNats();
    nats = await connectNats({ url: server.url, name: 'test' });
    nats.subscribe(ingestLagSubject, {
      callback: (_, message) => {
        told.push(ingestLagSchema.parse(message.json()).lagBytes);
      },
    });
    await nats.flush();
  });
  beforeEach(() => {
    [lagBytes, asked, told] = [0, [], []];
    reporter = new LagReporter(nats, () => {
      asked.push(performance.now());
      return lagBytes;
    });
    reporter.start();
  });
  afterEach(async () => {
    reporter.stop();
    await nats.flush(); // what it told last is not the next one's
  });
  afterAll(async () => {
    await nats?.close();
    await server?.stop();
  });

  const gaps = () => asked.slice(1).map((at, n) => at - asked[n]!);
  /** Of two timers the earlier goes first, however late both are: sooner than the next sign of life. */
  const soon = () => new Promise((done) => setTimeout(done, 1_000));

  it('tells at once at the start, then only signs of life, and does nothing in between', async () => {
    await eventually(() => expect(told.length).toBeGreaterThanOrEqual(3));
    expect(Math.min(...gaps())).toBeGreaterThan(1_990); // a timer may be a little early
  });

  it('tells a change soon, the last one for certain, and never more often than every 250 ms', async () => {
    await eventually(() => expect(told.length).toBeGreaterThan(0));
    for (lagBytes = 1; lagBytes < 50_000; lagBytes++) {
      reporter.changed();
      if (lagBytes % 50 === 0) await new Promise((done) => setImmediate(done));
    }
    const before = asked.length;
    await soon();
    expect(asked).toHaveLength(before + 1);
    await eventually(() => expect(told.at(-1)).toBe(50_000));
    expect(Math.min(...gaps())).toBeGreaterThan(245);
  });

  it('says also that the lag is still the same: what was published since has been read', async () => {
    await eventually(() => expect(told.length).toBeGreaterThan(0));
    reporter.changed();
    const before = asked.length;
    await soon();
    expect(asked).toHaveLength(before + 1);
    await eventually(() => expect(told).toEqual(asked.map(() => 0)));
  });

  it('is silent once it stopped', async () => {
    await eventually(() => expect(told.length).toBeGreaterThan(0));
    reporter.changed();
    reporter.stop();
    const before = asked.length;
    reporter.changed();
    nats.publish(ingestLagSubject, JSON.stringify({ lagBytes: 7, at: new Date().toISOString() }));
    await eventually(() => expect(told.at(-1)).toBe(7));
    expect(asked).toHaveLength(before);
  });
});
