import type { Socket } from 'socket.io';

export interface ClientBounds {
  /** What may be on its way to a client, or wait to be, before it counts as slow. */
  readonly bytes: number;
  /** What it may be answered on top while it is slow. */
  readonly answerBytes: number;
  /** Who has not taken all of it within this time is let go: it reconnects when it can. */
  readonly stalledMs: number;
}

/**
 * A client that takes nothing holds no more than `bytes`, the delta that made it slow (64 KiB at most) and the
 * answers: 256 KiB. Beside that the one snapshot it asked for last, for an answer is only begun for who keeps up.
 */
export const clientBounds: ClientBounds = { bytes: 128 * 1024, answerBytes: 64 * 1024, stalledMs: 15_000 };

export interface OutgoingListener {
  /** From now on nothing but answers may be sent. */
  slow(): void;
  /** It has taken all of it. */
  drained(): void;
  /** It took too little for too long, and is disconnected. */
  dropped(): void;
}

type Connection = Socket['conn'];

interface Packet {
  readonly data?: unknown;
  readonly options?: { readonly wsPreEncodedFrame?: readonly { readonly length: number }[] };
}

/** Keeps count of what one connection has not yet taken, and tells who does not keep up. */
export class OutgoingBuffer {
  /** Handed to the transport, which takes no more before it has sent that. */
  private flying = 0;
  private waiting = 0;
  private answered = 0;
  private stalled: NodeJS.Timeout | undefined;
  private waiters: (() => void)[] = [];

  constructor(
    private readonly conn: Connection,
    private readonly listener: OutgoingListener,
    private readonly bounds: ClientBounds = clientBounds,
  ) {
    conn.on('packetCreate', (packet: Packet) => this.created(packet));
    conn.on('flush', () => {
      this.flying = this.waiting;
      this.waiting = 0;
    });
    conn.once('close', () => this.end());
  }

  get isSlow(): boolean {
    return this.stalled !== undefined;
  }

  /** Bytes that were not taken, as far as we know; what the system keeps is not ours to know. */
  get bytes(): number {
    return this.conn.transport.writable ? 0 : this.flying + this.waiting;
  }

  /** Resolves when the client is not slow any more, or gone; undefined where it is not. */
  keepsUp(): Promise<void> | undefined {
    return this.isSlow ? new Promise((done) => this.waiters.push(done)) : undefined;
  }

  private created(packet: Packet): void {
    const size = sizeOf(packet);
    this.waiting += size;
    if (this.isSlow) {
      this.answered += size;
      if (this.answered > this.bounds.answerBytes) this.drop();
    } else if (!this.conn.transport.writable && this.flying + this.waiting > this.bounds.bytes) {
      this.becomeSlow();
    }
  }

  private becomeSlow(): void {
    this.answered = 0;
    this.stalled = setTimeout(() => this.drop(), this.bounds.stalledMs).unref();
    this.conn.transport.on('ready', this.check);
    this.conn.on('upgrade', this.upgraded);
    this.listener.slow();
  }

  /** The transport has sent what it was given, and has been given what waited, if anything did. */
  private readonly check = (): void => {
    const { transport } = this.conn;
    if (!this.isSlow || !transport.writable || this.waiting > 0) return;
    transport.off('ready', this.check);
    this.end();
    this.listener.drained();
  };

  private readonly upgraded = (): void => {
    this.conn.transport.on('ready', this.check);
  };

  private drop(): void {
    // The transport is stuck: waiting for it to take a farewell would be waiting for ever.
    const webSocket: unknown = Reflect.get(this.conn.transport, 'socket');
    this.conn.close(true);
    if (isTerminable(webSocket)) webSocket.terminate();
    this.listener.dropped();
  }

  private end(): void {
    clearTimeout(this.stalled);
    this.stalled = undefined;
    this.flying = 0;
    this.conn.off('upgrade', this.upgraded);
    for (const done of this.waiters.splice(0)) done();
  }
}

/** What was serialized for a room is counted as its frame; the rest is text. */
function sizeOf({ data, options }: Packet): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame) return frame.reduce((sum, { length }) => sum + length, 0);
  return typeof data === 'string' ? Buffer.byteLength(data) : 0;
}

function isTerminable(value: unknown): value is { terminate(): void } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'terminate' in value &&
    typeof value.terminate === 'function'
  );
}
