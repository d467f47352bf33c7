import { TestBed } from '@angular/core/testing';
import type { Pipeline } from '@telltale/contracts';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway } from '../testing/fake-gateway';
import { samplePipeline, sampleWatcher } from '../testing/samples';
import { PipelineStore, backfillOf } from './pipeline-store';

type Watcher = Pipeline['watchers'][number];

function pipelineOf(
  caughtUp: boolean,
  backfills: readonly Watcher['backfill'][],
  lags: readonly number[] = [],
): Pipeline {
  const watchers = backfills.map((backfill, i) => sampleWatcher({ host: `h${i}`, backfill }));
  const partitions = lags.map((lag, partition) => ({ partition, owner: 'i1', sequence: 1000, lag }));
  return samplePipeline(watchers, { partitions, caughtUp });
}
const done = { totalBytes: 10, doneBytes: 10, done: true };
const half = { totalBytes: 100, doneBytes: 50, done: false };

describe('backfillOf', () => {
  it('is over when ingest has caught up and every watcher is done', () => {
    expect(backfillOf(pipelineOf(true, [done]))).toBeNull();
    expect(backfillOf(null)).toBeNull();
  });

  it('counts the files and the share of the watchers that still read', () => {
    expect(backfillOf(pipelineOf(false, [half, done]))).toEqual({ files: 100, share: 0.5 });
    expect(backfillOf(pipelineOf(true, [half, { ...half, doneBytes: 100 }]))).toEqual({
      files: 200,
      share: 0.75,
    });
  });

  it('is not what has been written just now', () => {
    expect(backfillOf(pipelineOf(false, [done], [0, 2, 1]))).toBeNull();
  });

  it('goes on while ingest lags behind watchers that are done', () => {
    expect(backfillOf(pipelineOf(false, [done]))).toEqual({ files: 100, share: 1 });
    expect(backfillOf(pipelineOf(false, [done], [0, 5000]))).toEqual({ files: 100, share: 1 });
    expect(backfillOf(pipelineOf(false, []))).toEqual({ files: 0, share: null });
  });
});

describe('PipelineStore', () => {
  const start = Date.parse('2026-03-01T10:00:00.000Z');
  let gateway: FakeGateway;
  let store: PipelineStore;

  beforeEach(() => {
    jest.useFakeTimers({ now: start });
    gateway = new FakeGateway(() => ({ body: pipelineOf(true, [done]) }));
    TestBed.configureTestingModule({ providers: [{ provide: browserFetch, useValue: gateway.fetch }] });
    store = TestBed.inject(PipelineStore);
  });
  afterEach(() => {
    store.stop();
    jest.useRealTimers();
  });

  const heardAt = (lastSeenAt: number, gatewayTime = Date.now()) => ({
    body: samplePipeline([
      sampleWatcher({
        lastSeenAt: new Date(lastSeenAt).toISOString(),
        silent: gatewayTime - lastSeenAt > 10_000,
      }),
    ]),
    date: new Date(gatewayTime).toUTCString(),
  });

  it('asks again every five seconds, and tells of a watcher that goes silent', async () => {
    gateway.answer = () => heardAt(start);
    store.start();
    await jest.advanceTimersByTimeAsync(0);
    expect([store.load(), store.silentHosts()]).toEqual(['ready', 0]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect([gateway.requests.length, store.silentHosts()]).toEqual([3, 0]);
    await jest.advanceTimersByTimeAsync(5000);
    expect(store.silentHosts()).toBe(1);
    expect(store.hosts()[0]).toMatchObject({ silent: true, silentFor: 15_000 });
  });

  it('goes by the gateway’s clock, not by this machine’s', async () => {
    const ahead = start + 3_600_000;
    gateway.answer = () => heardAt(ahead - 1000, ahead);
    store.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(store.hosts()[0]).toMatchObject({ silent: false, silentFor: 1000 });
  });

  it('keeps what it knew while no gateway answers, and does not call the hosts silent', async () => {
    gateway.answer = () => heardAt(Date.now());
    store.start();
    await jest.advanceTimersByTimeAsync(0);
    gateway.answer = () => undefined;
    await jest.advanceTimersByTimeAsync(60_000);
    expect([store.load(), store.failure()]).toEqual(['ready', 'The gateway cannot be reached.']);
    expect(store.hosts()).toMatchObject([{ host: 'atlas', silent: false }]);
  });

  it('says why where nothing could be had at all, and asks on', async () => {
    gateway.answer = () => ({ status: 503, body: { title: 'Unavailable', detail: 'NATS does not answer.' } });
    store.start();
    await jest.advanceTimersByTimeAsync(0);
    expect([store.load(), store.failure()]).toEqual(['failed', 'NATS does not answer.']);
    gateway.answer = () => heardAt(Date.now());
    await jest.advanceTimersByTimeAsync(5000);
    expect([store.load(), store.failure(), store.hosts().length]).toEqual(['ready', '', 1]);
  });

  it('asks more often during a first reading', async () => {
    gateway.answer = () => ({ body: pipelineOf(false, [half]) });
    store.start();
    await jest.advanceTimersByTimeAsync(9500);
    expect(gateway.requests).toHaveLength(4);
  });
});
