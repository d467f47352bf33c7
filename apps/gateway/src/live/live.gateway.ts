import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import {
  liveNamespace,
  subscribeRequestSchema,
  unsubscribeRequestSchema,
  type Delta,
  type Room,
  type SubscribeAck,
  type SubscribeRequest,
} from '@telltale/contracts';
import { definedOnly } from '@telltale/domain';
import type { Logger } from '@telltale/platform';
import { LOGGER } from '../connections';
import { EarlierEvents } from './earlier-events';
import { letGo } from './let-go';
import { LiveRooms } from './live-rooms';
import type { LiveNamespace, LiveSocket } from './live-socket';
import { LostDeltas } from './lost-deltas';
import { SlowClients } from './slow-clients';
import { SocketAccess } from './socket-access';

/** One client may be in so many rooms at once. */
const mostRooms = 50;
/** And have so many questions waiting. */
const mostAsked = 100;

type Answer = (answer: unknown) => void;

/** The live interface: rooms, snapshots, deltas. It translates between sockets and rooms and knows no more. */
@WebSocketGateway({ namespace: liveNamespace })
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  @WebSocketServer()
  private readonly sockets!: LiveNamespace;

  constructor(
    private readonly rooms: LiveRooms,
    private readonly lostDeltas: LostDeltas,
    private readonly words: EarlierEvents,
    private readonly slow: SlowClients,
    private readonly access: SocketAccess,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  afterInit(sockets: LiveNamespace): void {
    sockets.use(this.access.check);
    this.rooms.attach(sockets);
    this.lostDeltas.start();
  }

  handleConnection(socket: LiveSocket): void {
    this.slow.watch(socket);
    forgetHandshake(socket);
    this.access.keep(socket); // the last: it may end it at once
  }

  handleDisconnect(socket: LiveSocket): void {
    this.access.release(socket);
    for (const room of socket.data.rooms) this.forget(socket, room);
  }

  /** One answer at a time, and only to who takes it: a snapshot may be large. */
  @SubscribeMessage('subscribe')
  async subscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() ack: Answer | undefined,
  ): Promise<void> {
    const answer: (answer: SubscribeAck) => void = ack ?? (() => undefined);
    const request = subscribeRequestSchema.safeParse(body);
    if (!request.success) return answer(refused(400, request.error.issues[0]?.message));
    const { data } = socket;
    if (data.asking >= mostAsked) return answer(refused(429, 'Too many questions wait for an answer.'));
    data.asking++;
    data.answered = (data.answered ?? Promise.resolve()).then(async () => {
      await this.answer(socket, request.data, answer);
      if (--data.asking === 0) data.answered = undefined;
    });
    await data.answered;
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() ack: Answer | undefined,
  ): void {
    const request = unsubscribeRequestSchema.safeParse(body);
    if (request.success) this.forget(socket, request.data.room);
    ack?.(request.success ? { room: request.data.room } : refused(400, request.error.issues[0]?.message));
  }

  beforeApplicationShutdown(): void {
    this.lostDeltas.stop();
    this.rooms.closeAll();
    this.sockets.sockets.forEach(letGo);
  }

  private async answer(
    socket: LiveSocket,
    { room, revision }: SubscribeRequest,
    answer: (answer: SubscribeAck) => void,
  ): Promise<void> {
    const { data } = socket;
    await data.outgoing.keepsUp();
    if (!socket.connected) return;
    if (!data.rooms.has(room) && data.rooms.size >= mostRooms) {
      return answer(refused(429, `No more than ${mostRooms} rooms at once.`));
    }
    data.rooms.add(room);
    this.slow.forget(socket, room);
    void socket.leave(room); // asked again: until the answer is out, deltas are held, not sent
    try {
      const refusal = await this.rooms.join(room, revision, {
        id: socket.id,
        ready: () => data.outgoing.keepsUp(),
        isThere: () => socket.connected && data.rooms.has(room),
        admit: (ack, held) => {
          const say = () => answer(ack);
          this.admit(socket, room, say, held);
          this.words.admit(socket, room, ack, held ?? []);
        },
      });
      if (!refusal) return;
      this.forget(socket, room);
      answer(refusal);
    } catch (error) {
      this.forget(socket, room);
      if (!socket.connected) return; // as when we end: nobody waits for the answer
      this.logger.error('a subscription failed', { room, error });
      answer(refused(500));
    }
  }

  private admit(
    socket: LiveSocket,
    room: Room,
    answer: () => void,
    held: readonly Delta[] | undefined,
  ): void {
    void socket.join(room);
    this.words.join(socket, room);
    answer();
    this.slow.deliver(socket, room, held);
  }

  private forget(socket: LiveSocket, room: Room): void {
    socket.data.rooms.delete(room);
    void socket.leave(room);
    this.words.leave(socket, room);
    this.slow.forget(socket, room);
    this.rooms.leave(room, socket.id);
  }
}

/**
 * What is not needed any more of the handshake: several KiB for as long as the socket lives. A credential that came
 * with it stays, for another namespace on the same connection.
 */
function forgetHandshake(socket: LiveSocket): void {
  const { headers, query, secure } = socket.handshake;
  const { authorization, cookie, origin } = headers;
  const kept = definedOnly({ authorization, cookie, origin });
  const { access_token: token } = query;
  const request = {
    headers: kept,
    _query: definedOnly({ access_token: token }),
    connection: { encrypted: secure },
  };
  Reflect.set(socket, 'handshake', undefined);
  Reflect.set(
    socket.conn,
    'request',
    Object.keys(kept).length > 0 || token !== undefined ? request : undefined,
  );
}

function refused(status: number, detail?: string): SubscribeAck {
  const titles: Record<number, string> = { 400: 'Bad Request', 429: 'Too Many Requests' };
  return { error: { status, title: detail ?? titles[status] ?? 'Internal Server Error' } };
}
