import { TestBed } from '@angular/core/testing';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway } from '../testing/fake-gateway';
import { FakeSocket } from '../testing/fake-socket';
import { sampleDelta, sampleSummary, sampleTokens } from '../testing/samples';
import { FleetStore } from './fleet-store';
import { LiveConnection } from './live-connection';
import { liveSocket } from './live-socket';
import { TodayStore } from './today-store';

const figures = { sessions: 1, messages: 4, toolCalls: 6, tokens: sampleTokens(), costUsd: 0.5 };

describe('TodayStore', () => {
  let gateway: FakeGateway;
  let today: TodayStore;
  let fleet: FleetStore;

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date(2026, 2, 1, 14, 30) });
    gateway = new FakeGateway(() => ({
      body: { groups: [{ key: '2026-03-01T13', ...figures }], total: figures },
    }));
    TestBed.configureTestingModule({
      providers: [
        { provide: liveSocket, useValue: new FakeSocket().asSocket },
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
    fleet = TestBed.inject(FleetStore);
    fleet.snapshot({ items: [sampleSummary()], total: 1, nextCursor: null, revision: 'x' });
    today = TestBed.inject(TodayStore);
    today.start();
  });
  afterEach(() => {
    today.stop();
    TestBed.inject(LiveConnection).stop();
    jest.useRealTimers();
  });

  it('asks from local midnight, in the local time zone', async () => {
    await jest.advanceTimersByTimeAsync(0);
    const query = new URL(gateway.requests[0]!.url, 'http://x').searchParams;
    expect(query.get('from')).toBe(new Date(2026, 2, 1).toISOString());
    expect(query.get('groupBy')).toBe('hour');
    expect(query.get('tz')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(today.total()?.messages).toBe(4);
  });

  it('fills the hours without figures, up to now', async () => {
    await jest.advanceTimersByTimeAsync(0);
    expect(today.hours()).toHaveLength(15);
    expect(today.hours()[13]).toEqual({ hour: 13, messages: 4, toolCalls: 6, costUsd: 0.5 });
    expect(today.hours()[14]?.costUsd).toBe(0);
  });

  it('asks at most once a second, however much happens, and once after the last news', async () => {
    await jest.advanceTimersByTimeAsync(0);
    const before = gateway.requests.length;
    for (let n = 0; n < 30; n++) {
      fleet.deltas([sampleDelta(n, { branch: String(n) })]);
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(5000);
    const asked = gateway.requests.length - before;
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('keeps the last figures when the gateway is away, and asks again', async () => {
    await jest.advanceTimersByTimeAsync(0);
    const working = gateway.answer;
    gateway.answer = () => undefined;
    fleet.deltas([sampleDelta(0, { branch: 'x' })]);
    await jest.advanceTimersByTimeAsync(1000);
    expect([today.failed(), today.total()?.messages]).toEqual([true, 4]);
    gateway.answer = working;
    await jest.advanceTimersByTimeAsync(5000);
    expect(today.failed()).toBe(false);
  });
});
