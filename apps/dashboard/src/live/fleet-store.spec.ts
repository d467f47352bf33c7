import { TestBed } from '@angular/core/testing';
import type { SessionList, Summary } from '@telltale/contracts';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway } from '../testing/fake-gateway';
import { FakeSocket } from '../testing/fake-socket';
import { sampleDelta, sampleSession, sampleSummary } from '../testing/samples';
import { FleetStore } from './fleet-store';
import { LiveConnection } from './live-connection';
import { liveSocket } from './live-socket';

const listOf = (items: Summary[], nextCursor: string | null = null): SessionList => ({
  items,
  total: items.length,
  nextCursor,
  revision: 'x',
});

describe('FleetStore', () => {
  let socket: FakeSocket;
  let gateway: FakeGateway;
  let fleet: FleetStore;

  beforeEach(() => {
    jest.useFakeTimers();
    socket = new FakeSocket();
    gateway = new FakeGateway(() => ({ body: listOf([sampleSummary({ id: 'a' })]), etag: '"1"' }));
    TestBed.configureTestingModule({
      providers: [
        { provide: liveSocket, useValue: socket.asSocket },
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
    fleet = TestBed.inject(FleetStore);
  });
  afterEach(() => {
    fleet.stop();
    TestBed.inject(LiveConnection).stop();
    jest.useRealTimers();
  });

  async function live(): Promise<void> {
    socket.answer = () => ({ revision: 'g.0', snapshot: listOf([sampleSummary({ id: 'a' })]) });
    fleet.start();
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
  }

  it('shows the first list before the socket is there', async () => {
    fleet.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(fleet.load()).toBe('ready');
    expect([...fleet.sessions().keys()]).toEqual(['a']);
    expect(fleet.running()).toBe(1);
  });

  it('applies a frame of deltas as one update', async () => {
    await live();
    const news = jest.fn();
    fleet.onNews(news);
    for (let n = 0; n < 100; n++) socket.send(sampleDelta(n, { branch: `b${n}` }, { sessionId: 'a' }));
    await jest.advanceTimersByTimeAsync(300);
    expect(fleet.sessions().get('a')?.branch).toBe('b99');
    expect(news).toHaveBeenCalledTimes(1);
  });

  it('fetches a session that a delta names and no list brought', async () => {
    await live();
    gateway.answer = () => ({ body: sampleSession({ id: 'far', branch: 'deep' }) });
    socket.send(sampleDelta(0, { currentStep: 'x' }, { sessionId: 'far' }));
    await jest.advanceTimersByTimeAsync(300);
    expect(gateway.asked('/sessions/far')).toHaveLength(1);
    expect(fleet.sessions().get('far')?.branch).toBe('deep');
    expect(fleet.sessions().get('far')).not.toHaveProperty('files');
  });

  it('loads active sessions that lie below the first page', async () => {
    gateway.answer = ({ url }) => ({
      body: url.includes('status=active')
        ? listOf([sampleSummary({ id: 'waits', status: 'waiting' })])
        : listOf([sampleSummary({ id: 'a' })], 'next'),
    });
    fleet.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(fleet.waiting()).toBe(1);
    expect(fleet.active()).toHaveLength(2);
  });

  it('polls with the ETag and keeps what it knows on 304 and on failure', async () => {
    fleet.start();
    await jest.advanceTimersByTimeAsync(0);
    gateway.answer = () => ({ status: 304 });
    await fleet.poll();
    expect(gateway.requests.at(-1)?.headers['If-None-Match']).toBe('"1"');
    gateway.answer = () => undefined;
    await fleet.reload();
    expect(fleet.load()).toBe('ready');
    expect(fleet.sessions().size).toBe(1);
  });

  it('says why where the first list cannot be had', async () => {
    gateway.answer = () => ({
      status: 503,
      body: { title: 'Unavailable', detail: 'The database does not answer.' },
    });
    fleet.start();
    await jest.advanceTimersByTimeAsync(0);
    expect([fleet.load(), fleet.failure()]).toEqual(['failed', 'The database does not answer.']);
  });
});
