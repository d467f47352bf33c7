import {
  fleetRoom,
  type ClientToServerEvents,
  type Delta,
  type Room,
  type ServerToClientEvents,
  type Session,
  type SessionList,
  type SubscribeAck,
  type Summary,
} from '@telltale/contracts';
import { applyToSession } from '@telltale/domain';
import { io, type Socket } from 'socket.io-client';

/** What a client shows of its rooms. */
export interface Shown {
  readonly revision: string | undefined;
  /** Of the fleet: its sessions by id. */
  readonly sessions: Readonly<Record<string, Partial<Session>>>;
}

interface Followed {
  revision: string | undefined;
  sessions: Map<string, Session>;
  asking: boolean;
}

/**
 * Follows rooms as docs/api.md tells clients to: from the snapshot on, delta by delta; whatever does not lead from the
 * revision it holds makes it ask again, with that revision.
 */
export class LiveFollower {
  /** Everything that came, in its order. */
  readonly deltas: Delta[] = [];
  readonly answers = { snapshots: 0, upToDate: 0 };
  private socket: Socket<ServerToClientEvents, ClientToServerEvents> | undefined;
  private readonly rooms: ReadonlyMap<Room, Followed>;

  constructor(
    private readonly token: string,
    rooms: readonly Room[],
  ) {
    this.rooms = new Map(
      rooms.map((room) => [
        room,
        { revision: undefined, sessions: new Map<string, Session>(), asking: false },
      ]),
    );
  }

  /** It was sent to no replica, or away; that a connection broke is for Socket.IO to mend. */
  get isAway(): boolean {
    return this.socket === undefined;
  }

  /** Goes to this replica, from whichever it was at; what it holds stays. */
  connect(url: string): void {
    this.disconnect();
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(`${url}/live`, {
      transports: ['websocket'],
      auth: { token: this.token, events: 'delta' },
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
    });
    this.socket = socket;
    socket.on('connect', () => {
      for (const room of this.rooms.keys()) this.ask(room);
    });
    socket.on('delta', (delta) => {
      if (socket === this.socket) this.hear(delta);
    });
  }

  disconnect(): void {
    this.socket?.disconnect();
    this.socket = undefined;
  }

  shown(room: Room): Shown {
    const { revision, sessions } = this.followed(room);
    return { revision, sessions: Object.fromEntries(sessions) };
  }

  private ask(room: Room): void {
    const followed = this.followed(room);
    const { socket } = this;
    const { revision } = followed;
    if (!socket) return;
    followed.asking = true;
    socket.emit('subscribe', { room, ...(revision === undefined ? {} : { revision }) }, (answer) => {
      if (socket === this.socket) this.take(room, answer);
    });
  }

  private take(room: Room, answer: SubscribeAck): void {
    const followed = this.followed(room);
    followed.asking = false;
    if ('error' in answer) return void setTimeout(() => this.ask(room), 100);
    followed.revision = answer.revision;
    this.answers['snapshot' in answer ? 'snapshots' : 'upToDate']++;
    if ('snapshot' in answer) followed.sessions = sessionsOf(answer.snapshot);
  }

  private hear(delta: Delta): void {
    this.deltas.push(delta);
    const { room, sessionId, from, to, changes, refetch } = delta;
    const followed = this.followed(room);
    if (followed.asking) return; // what the answer holds goes further
    if (refetch || from !== followed.revision) return this.ask(room);
    followed.revision = to;
    const known = followed.sessions.get(sessionId);
    if (changes?.deleted) followed.sessions.delete(sessionId);
    // A session that was not known yet comes whole.
    else if (changes) followed.sessions.set(sessionId, applied(room, known ?? blank, changes));
  }

  private followed(room: Room): Followed {
    const followed = this.rooms.get(room);
    if (!followed) throw new Error(`${room} is not followed`);
    return followed;
  }
}

const blank = { screenshots: [] } as Partial<Session> as Session;

/** In the fleet's room a delta carries the latest messages beside the summary; both shapes have no place for them. */
function applied(room: Room, known: Session, changes: NonNullable<Delta['changes']>): Session {
  const after = applyToSession(known, changes);
  return room === fleetRoom ? withoutDetail(after) : after;
}

function withoutDetail({ screenshots: _, ...summary }: Session): Session {
  return summary as Session;
}

function sessionsOf(snapshot: SessionList | Session): Map<string, Session> {
  const sessions: readonly Summary[] = 'items' in snapshot ? snapshot.items : [snapshot];
  return new Map(sessions.map((session) => [session.id, session as Session]));
}

/** Of the room as it is shown to somebody who comes anew. */
export function shownIn(answer: SubscribeAck): Shown {
  if (!('snapshot' in answer)) throw new Error(`no snapshot: ${JSON.stringify(answer)}`);
  return { revision: answer.revision, sessions: Object.fromEntries(sessionsOf(answer.snapshot)) };
}
