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
import { liveNamespace, roomSchema, type Delta, type Room, type SubscribeAck } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { z } from 'zod';
import { LOGGER } from '../connections';
import { Broadcasts } from './broadcasts';
import { EarlierEvents } from './earlier-events';
import { LiveRooms } from './live-rooms';
import type { LiveNamespace, LiveSocket } from './live-socket';
import { LostDeltas } from './lost-deltas';
import { boundBuffer } from './slow-clients';
import { SocketAccess } from './socket-access';

const subscribeSchema = z.object({ room: roomSchema, revision: z.string().max(200).optional() });
const unsubscribeSchema = z.object({ room: roomSchema });
/** One client may be in so many rooms at once. */
const mostRooms = 50;

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
    private readonly broadcasts: Broadcasts,
    private readonly access: SocketAccess,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  afterInit(sockets: LiveNamespace): void {
    sockets.use(this.access.check);
    this.words.attach(sockets);
    this.broadcasts.attach(sockets);
    this.lostDeltas.start();
  }

  handleConnection(socket: LiveSocket): void {
    boundBuffer(socket, () => this.tellToAskAgain(socket));
    this.access.endAtExpiry(socket);
    // The request of the handshake is not needed any more, and holds several KiB for as long as the socket lives.
    Reflect.set(socket.conn, 'request', null);
  }

  handleDisconnect(socket: LiveSocket): void {
    for (const room of socket.data.rooms ?? []) this.forget(socket, room);
  }

  @SubscribeMessage('subscribe')
  async subscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() ack: Answer | undefined,
  ): Promise<void> {
    const answer: (answer: SubscribeAck) => void = ack ?? (() => undefined);
    const request = subscribeSchema.safeParse(body);
    if (!request.success) return answer(refused(400, request.error.issues[0]?.message));
    const { room, revision } = request.data;
    if (!socket.data.rooms.has(room) && socket.data.rooms.size >= mostRooms) {
      return answer(refused(429, `No more than ${mostRooms} rooms at once.`));
    }
    socket.data.rooms.add(room);
    void socket.leave(room); // asked again: until the answer is out, deltas are held, not sent
    try {
      const stillThere = () => socket.connected && socket.data.rooms.has(room);
      const admission = await this.rooms.join(room, socket.id, { revision, stillThere });
      this.admit(socket, room, admission.held);
      answer(admission.ack);
      for (const delta of admission.held ?? []) socket.emit('delta', delta);
    } catch (error) {
      this.logger.error('a subscription failed', { room, error });
      this.forget(socket, room);
      answer(refused(500));
    }
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() ack: Answer | undefined,
  ): void {
    const request = unsubscribeSchema.safeParse(body);
    if (request.success) this.forget(socket, request.data.room);
    ack?.(request.success ? { room: request.data.room } : refused(400, request.error.issues[0]?.message));
  }

  beforeApplicationShutdown(): void {
    this.lostDeltas.stop();
    this.words.stop();
    this.rooms.closeAll();
    this.sockets.disconnectSockets(true);
  }

  private admit(socket: LiveSocket, room: Room, held: readonly Delta[] | undefined): void {
    if (!held) {
      socket.data.rooms.delete(room);
      return;
    }
    void socket.join(room);
    if (!socket.data.deltasOnly) this.words.join(socket, room);
  }

  private forget(socket: LiveSocket, room: Room): void {
    socket.data.rooms.delete(room);
    void socket.leave(room);
    this.words.leave(socket, room);
    this.rooms.leave(room, socket.id);
  }

  private tellToAskAgain(socket: LiveSocket): void {
    for (const room of socket.data.rooms) {
      const to = this.rooms.get(room)?.revision;
      if (to !== undefined) this.broadcasts.refetchSocket(socket, room, to);
    }
  }
}

function refused(status: number, detail?: string): SubscribeAck {
  const titles: Record<number, string> = { 400: 'Bad Request', 429: 'Too Many Requests' };
  return { error: { status, title: detail ?? titles[status] ?? 'Internal Server Error' } };
}
