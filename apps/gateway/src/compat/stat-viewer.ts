import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { StatValues } from '../live/stat-frames';

/** What a client may leave waiting, and how long it may take nothing. */
const bounds = { bytes: 128 * 1024, stalledMs: 15_000 } as const;

/** `/ws/session/:id` shows figures and messages, `/ws/stats/:id` the figures alone. */
export type ViewerKind = 'session' | 'stats';

/** One WebSocket, what waits for it, and what it was told. */
export class StatViewer {
  /** The figures told last, and how many messages had come by then. */
  told: { readonly values: StatValues; readonly messages: number } | undefined;
  private heard = true;
  private stalled: NodeJS.Timeout | undefined;

  constructor(
    readonly kind: ViewerKind,
    private readonly socket: WebSocket,
    private readonly transport: Duplex,
  ) {
    socket.on('pong', () => (this.heard = true));
    socket.on('error', () => undefined); // a broken frame: the socket closes itself, with the code for it
    socket.once('close', () => clearTimeout(this.stalled));
    transport.on('drain', () => {
      clearTimeout(this.stalled);
      this.stalled = undefined;
    });
  }

  get isFree(): boolean {
    return this.socket.readyState === this.socket.OPEN && this.socket.bufferedAmount <= bounds.bytes;
  }

  /** Who says something of any length asks `isFree` before each step of it. */
  send(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(text);
    if (this.transport.writableNeedDrain)
      this.stalled ??= setTimeout(() => this.socket.terminate(), bounds.stalledMs).unref();
  }

  onDrain(listener: () => void): void {
    this.transport.on('drain', listener);
  }

  onClose(listener: () => void): void {
    this.socket.once('close', listener);
  }

  close(code: number): void {
    this.socket.close(code);
  }

  /** A client that did not answer the last ping has gone without a word. */
  ping(): void {
    if (!this.heard) return this.socket.terminate();
    if (!this.isFree) return; // it would come too late; who takes nothing is let go by another clock
    this.heard = false;
    this.socket.ping();
  }
}
