import { TestBed } from '@angular/core/testing';
import type { Message } from '@telltale/contracts';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway } from '../testing/fake-gateway';
import { FakeSocket } from '../testing/fake-socket';
import { sampleDelta, sampleMessage, sampleSession } from '../testing/samples';
import { LiveConnection } from './live-connection';
import { liveSocket } from './live-socket';
import { SessionStore } from './session-store';

describe('SessionStore', () => {
  let socket: FakeSocket;
  let gateway: FakeGateway;
  let store: SessionStore;
  const session = sampleSession({ id: 's1', revision: 'g.0' });

  beforeEach(() => {
    jest.useFakeTimers();
    socket = new FakeSocket();
    socket.answer = () => ({ revision: 'g.0', snapshot: session });
    gateway = new FakeGateway(() => ({ body: session }));
    TestBed.configureTestingModule({
      providers: [
        SessionStore,
        { provide: liveSocket, useValue: socket.asSocket },
        { provide: browserFetch, useValue: gateway.fetch },
      ],
    });
    store = TestBed.inject(SessionStore);
  });
  afterEach(() => {
    store.close();
    TestBed.inject(LiveConnection).stop();
    jest.useRealTimers();
  });

  const delta = (n: number, changes: Parameters<typeof sampleDelta>[1]) =>
    sampleDelta(n, changes, { room: 'session:s1' });

  it('applies deltas and tells of their messages', async () => {
    const told: Message[] = [];
    store.onMessages((messages) => told.push(...messages));
    store.open('s1');
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    socket.send(delta(1, { phase: 'plan' }));
    socket.send(delta(0, { messages: [sampleMessage(1)], branch: 'fix' }));
    await jest.advanceTimersByTimeAsync(300);
    expect(store.session()).toMatchObject({ branch: 'fix', phase: 'plan', revision: 'g.2' });
    expect(told.map((message) => message.id)).toEqual(['m:1']);
  });

  it('says that a session is not known', async () => {
    gateway.answer = () => ({ status: 404, body: { title: 'Not found' } });
    store.open('nope');
    await jest.advanceTimersByTimeAsync(0);
    expect(store.load()).toBe('missing');
  });

  it('says that a session was deleted while it was looked at', async () => {
    store.open('s1');
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    socket.send(delta(0, { deleted: true }));
    await jest.advanceTimersByTimeAsync(300);
    expect(store.load()).toBe('deleted');
  });

  it('tells of a gap where a new snapshot replaced deltas', async () => {
    const gap = jest.fn();
    store.onGap(gap);
    store.open('s1');
    await jest.advanceTimersByTimeAsync(0);
    expect(gap).not.toHaveBeenCalled();
    socket.answer = () => ({ revision: 'g.9', snapshot: { ...session, revision: 'g.9' } });
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    expect(gap).toHaveBeenCalledTimes(1);
  });
});
