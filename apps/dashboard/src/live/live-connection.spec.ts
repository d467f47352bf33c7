import { TestBed } from '@angular/core/testing';
import type { Delta } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { FakeSocket } from '../testing/fake-socket';
import { sampleDelta, sampleSession } from '../testing/samples';
import { LiveConnection, pollMs } from './live-connection';
import { liveSocket } from './live-socket';
import type { RoomMember } from './room-sync';

function memberOf(room: RoomMember['room']) {
  const seen: Delta[] = [];
  let snapshots = 0;
  const member = {
    room,
    seen,
    snapshot: () => {
      snapshots++;
    },
    snapshots: () => snapshots,
    deltas: (deltas: readonly Delta[]) => void seen.push(...deltas),
    refused: jest.fn(),
    poll: jest.fn(async () => undefined),
  };
  return member satisfies RoomMember;
}

describe('LiveConnection', () => {
  let socket: FakeSocket;
  let connection: LiveConnection;

  beforeEach(() => {
    jest.useFakeTimers();
    socket = new FakeSocket();
    TestBed.configureTestingModule({ providers: [{ provide: liveSocket, useValue: socket.asSocket }] });
    connection = TestBed.inject(LiveConnection);
  });
  afterEach(() => {
    connection.stop();
    jest.useRealTimers();
  });

  /** Lets attempts fail at once until so many have. */
  async function failAttempts(count: number): Promise<void> {
    for (let failed = 0; failed < count; failed++) {
      const attempts = socket.attempts;
      socket.refuse();
      while (socket.attempts === attempts) await jest.advanceTimersByTimeAsync(50);
    }
  }

  it('subscribes when the socket opens, and hands on snapshot and deltas', async () => {
    socket.answer = () => ({ revision: 'g.0', snapshot: sampleSession() });
    const member = memberOf('session:s1');
    connection.join(member);
    expect(connection.state()).toEqual({ kind: 'connecting', attempt: 1 });
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    socket.send(sampleDelta(1, {}, { room: 'session:s1' }));
    socket.send(sampleDelta(0, {}, { room: 'session:s1' }));
    await jest.advanceTimersByTimeAsync(300);
    expect(connection.state()).toEqual({ kind: 'live' });
    expect(member.snapshots()).toBe(1);
    expect(member.seen.map((delta) => delta.to)).toEqual(['g.1', 'g.2']);
  });

  it('asks again from its revision when a gap stays', async () => {
    socket.answer = () => ({ revision: 'g.0', snapshot: sampleSession() });
    connection.join(memberOf('fleet'));
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    socket.send(sampleDelta(5, {}));
    await jest.advanceTimersByTimeAsync(200);
    expect(socket.subscribed).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(300);
    expect(socket.subscribed[1]).toEqual({ room: 'fleet', revision: 'g.0' });
  });

  it('takes the snapshot anew when a delta was too large', async () => {
    socket.answer = () => ({ revision: 'g.1', snapshot: sampleSession() });
    const member = memberOf('fleet');
    connection.join(member);
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    const { changes: _changes, ...delta } = sampleDelta(1, {});
    socket.send({ ...delta, refetch: true });
    await jest.advanceTimersByTimeAsync(300);
    expect(socket.subscribed[1]).toEqual({ room: 'fleet' });
    expect(member.snapshots()).toBe(2);
  });

  it('counts attempts, polls after five failed ones every 5 s, and is live again with the socket', async () => {
    const member = memberOf('fleet');
    connection.join(member);
    await failAttempts(4);
    expect(connection.state()).toEqual({ kind: 'connecting', attempt: 5 });
    expect(member.poll).not.toHaveBeenCalled();
    socket.refuse();
    await jest.advanceTimersByTimeAsync(0);
    expect(connection.state()).toEqual({ kind: 'polling', attempt: 6 });
    const polls = member.poll.mock.calls.length;
    await jest.advanceTimersByTimeAsync(pollMs);
    expect(member.poll.mock.calls.length).toBe(polls + 1);
    socket.answer = () => ({ revision: 'g.3', upToDate: true });
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    expect(connection.state()).toEqual({ kind: 'live' });
    const before = member.poll.mock.calls.length;
    await jest.advanceTimersByTimeAsync(5 * pollMs);
    expect(member.poll.mock.calls.length).toBe(before);
  });

  it('says error where polling fails too, and why', async () => {
    const member = memberOf('fleet');
    member.poll.mockRejectedValue(new ApiError(0, 'The gateway cannot be reached.'));
    connection.join(member);
    await failAttempts(5);
    await jest.advanceTimersByTimeAsync(0);
    expect(connection.state()).toMatchObject({ kind: 'error', reason: 'The gateway cannot be reached.' });
  });

  it('treats an attempt that hangs as failed', async () => {
    connection.join(memberOf('fleet'));
    await jest.advanceTimersByTimeAsync(2600);
    expect(connection.state()).toEqual({ kind: 'connecting', attempt: 2 });
  });

  it('rests while offline and starts over when online', async () => {
    connection.join(memberOf('fleet'));
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    dispatchEvent(new Event('offline'));
    expect(connection.state()).toEqual({ kind: 'offline' });
    const attempts = socket.attempts;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(socket.attempts).toBe(attempts);
    dispatchEvent(new Event('online'));
    expect(socket.attempts).toBe(attempts + 1);
    socket.open();
    expect(connection.state()).toEqual({ kind: 'live' });
  });

  it('leaves the room it no longer needs', async () => {
    socket.answer = () => ({ revision: 'g.0', upToDate: true });
    const leave = connection.join(memberOf('session:s1'));
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    leave();
    expect(socket.left).toEqual(['session:s1']);
  });

  it('asks anew at once when the server dropped what it had for this client', async () => {
    socket.answer = () => ({ revision: 'g.4', snapshot: sampleSession() });
    const member = memberOf('fleet');
    connection.join(member);
    socket.open();
    await jest.advanceTimersByTimeAsync(0);
    socket.send({ room: 'fleet', sessionId: '', from: null, to: 'g.9', at: '', refetch: true });
    await jest.advanceTimersByTimeAsync(50);
    expect(member.snapshots()).toBe(2);
  });

  it('tells that the session has ended where the socket is refused for it', () => {
    connection.join(memberOf('fleet'));
    socket.refuse({ status: 401, title: 'Unauthorized' });
    expect(TestBed.inject(TelltaleApi).unauthorized()).toBe(1);
  });
});
