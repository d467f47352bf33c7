import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { sessionListQuerySchema, type Delta } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { letGo } from '../live/let-go';
import type { LiveNamespace, LiveSocket } from '../live/live-socket';
import { OutgoingBuffer } from '../live/outgoing-buffer';
import { SocketAccess } from '../live/socket-access';
import { SessionDetails } from '../sessions/session-detail';
import { SessionLists } from '../sessions/session-list';
import { Batches } from './changes/batches';
import type { Unheard } from './changes/known-revisions';
import { SessionChanges } from './changes/session-changes';
import { optimizerEvents, optimizerState, type OptimizerEvent } from './optimizer-words';

/** How many of the latest are told of again after many deltas were lost. */
const latestSessions = 200;
/** Who is in it is sent nothing until it has taken what waits for it. */
const slowRoom = 'slow';
/** Who misses what happens to more sessions than this is let go: it begins anew when it comes back. */
const mostMissed = 10_000;

/** [O] The optimizer's dashboard: Socket.IO's default namespace, where everybody hears of all sessions. */
@WebSocketGateway()
export class OptimizerGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  @WebSocketServer()
  private readonly sockets!: { readonly sockets: LiveNamespace };

  private readonly unsaid: Batches<Unsaid>;
  /** What slow clients were not told of. */
  private readonly missed = new Map<LiveSocket, Map<string, Unsaid>>();
  private readonly members = new Set<string>();
  /** The session whose state is being read, to be told. */
  private reading: string | undefined;
  private stop: (() => void) | undefined;

  constructor(
    private readonly changes: SessionChanges,
    private readonly access: SocketAccess,
    private readonly lists: SessionLists,
    private readonly details: SessionDetails,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.unsaid = new Batches(
      (batch) => this.sayStates(batch),
      (error, dropped) => {
        this.failed(error);
        this.changes.doubt(dropped);
      },
    );
  }

  afterInit(): void {
    this.namespace.use(this.access.check);
  }

  handleConnection(socket: LiveSocket): void {
    socket.data.outgoing = new OutgoingBuffer(socket.conn, {
      slow: () => this.leaveOut(socket),
      drained: () => undefined,
      dropped: () => undefined,
    });
    // The request of the handshake is not needed any more, and holds several KiB for as long as the socket lives.
    Reflect.set(socket.conn, 'request', null);
    this.members.add(socket.id);
    if (!this.stop) this.begin();
    this.access.keep(socket); // the last: it may end it at once
  }

  handleDisconnect(socket: LiveSocket): void {
    this.access.release(socket);
    this.missed.delete(socket);
    this.members.delete(socket.id);
    if (this.members.size === 0) this.end();
  }

  beforeApplicationShutdown(): void {
    this.end();
    this.namespace.sockets.forEach(letGo);
  }

  private get namespace(): LiveNamespace {
    return this.sockets.sockets;
  }

  private begin(): void {
    this.stop = this.changes.listen({
      delta: (delta) => this.hear(delta),
      lost: (unheard) => this.catchUp(unheard),
    });
  }

  private end(): void {
    this.stop?.();
    this.stop = undefined;
    this.unsaid.clear();
  }

  private hear(delta: Delta): void {
    const { sessionId, from, at, changes, refetch } = delta;
    const about = { at, created: from === null, deleted: changes?.deleted ?? false };
    // What is being read may be older than this delta, and would be told after it: then it is read once more.
    if (refetch || this.reading === sessionId) this.add(sessionId, about);
    if (!refetch) this.say(sessionId, about, optimizerEvents(delta));
  }

  private add(sessionId: string, about: Unsaid): void {
    this.unsaid.add(sessionId, (before) => merged(before, about));
  }

  /** Of sessions whose deltas were lost, or too large to carry what they say. */
  private async sayStates(sessions: ReadonlyMap<string, Unsaid>): Promise<void> {
    for (const [id, about] of sessions) {
      this.reading = id;
      try {
        this.say(id, about, await this.stateOf(id, about));
      } finally {
        this.reading = undefined;
      }
    }
  }

  private async stateOf(id: string, about: Unsaid): Promise<readonly OptimizerEvent[]> {
    const session = await this.details.find(id);
    return session ? optimizerState(session, { isNew: about.created, at: about.at }) : [];
  }

  private say(sessionId: string, about: Unsaid, events: readonly OptimizerEvent[]): void {
    // One name of many: the payload's type cannot be told apart here.
    const audience = this.namespace.except(slowRoom);
    for (const { name, payload } of events) audience.emit(name as 'session:update', payload as never);
    if (events.length > 0)
      for (const [socket, missed] of this.missed) miss(socket, missed, [sessionId, about]);
  }

  private catchUp(unheard: readonly Unheard[] | 'many'): void {
    const at = new Date(this.now()).toISOString();
    if (unheard === 'many') {
      this.addLatest(at).catch((error: unknown) => {
        this.failed(error);
        this.changes.doubt('many');
      });
    } else for (const { id, ...about } of unheard) this.add(id, { ...about, at });
  }

  private async addLatest(at: string): Promise<void> {
    const query = sessionListQuerySchema.parse({ limit: latestSessions });
    for (const { id } of (await this.lists.page(query)).items)
      this.add(id, { at, created: false, deleted: false });
  }

  /** It is slow: until it has taken what waits for it, and then what it missed, it is sent nothing else. */
  private leaveOut(socket: LiveSocket): void {
    if (this.missed.has(socket)) return; // slow again while it is told
    this.missed.set(socket, new Map());
    void socket.join(slowRoom);
    this.bringBack(socket).catch((error: unknown) => {
      this.failed(error);
      letGo(socket); // it does not know what it lacks: it begins anew
    });
  }

  private async bringBack(socket: LiveSocket): Promise<void> {
    const missed = this.missed.get(socket) ?? new Map<string, Unsaid>();
    await socket.data.outgoing.keepsUp();
    for (const [id, about] of missed) {
      missed.delete(id); // comes once more where it is missed again
      const events = socket.connected ? await this.stateOf(id, about) : [];
      for (const { name, payload } of events) socket.emit(name as 'session:update', payload as never);
      await socket.data.outgoing.keepsUp();
    }
    this.missed.delete(socket);
    void socket.leave(slowRoom);
  }

  private failed(error: unknown): void {
    this.logger.warn('the optimizer’s clients could not be told', { error });
  }
}

/** What is to be said of a session as it is now. */
interface Unsaid extends Omit<Unheard, 'id'> {
  readonly at: string;
}

function merged(before: Unsaid | undefined, after: Unsaid): Unsaid {
  return { ...after, created: (before?.created ?? false) || after.created };
}

function miss(socket: LiveSocket, missed: Map<string, Unsaid>, [id, about]: readonly [string, Unsaid]): void {
  missed.set(id, merged(missed.get(id), about));
  if (missed.size > mostMissed) letGo(socket);
}
