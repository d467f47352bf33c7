import type { Request, Response } from 'express';
import type { Part } from './send-parts';

export interface StreamBounds {
  /** What may wait for one client. */
  readonly bytes: number;
  /** A client that has taken nothing for so long is let go: it reconnects when it can. */
  readonly stalledMs: number;
}
export const streamBounds: StreamBounds = { bytes: 256 * 1024, stalledMs: 15_000 };

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back until a buffer is full.
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
};

/** One client of server-sent events. It counts what waits for the client, and lets it go where it takes nothing. */
export class EventStream {
  private stalled: NodeJS.Timeout | undefined;
  private readonly drained = new Set<() => void>();
  private readonly closed = new Set<() => void>();
  private ended = false;

  constructor(
    private readonly response: Response,
    private readonly bounds: StreamBounds = streamBounds,
  ) {
    response.writeHead(200, headers);
    response.flushHeaders();
    response.on('drain', () => this.noteDrain());
    response.once('close', () => this.noteClose());
    response.on('error', () => this.drop());
    if (response.destroyed) this.noteClose(); // before anybody listened
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  /** Whether more may be sent. Where not, the sender remembers what to say and waits for `onDrain`. */
  get isFree(): boolean {
    return !this.ended && this.response.writableLength <= this.bounds.bytes;
  }

  send(text: Part): void {
    if (this.ended) return;
    const taken = this.response.write(text);
    if (!taken) this.stalled ??= setTimeout(() => this.drop(), this.bounds.stalledMs).unref();
  }

  /** Called each time everything that waited is on its way. */
  onDrain(listener: () => void): void {
    this.drained.add(listener);
  }

  /** Called once. */
  onClose(listener: () => void): void {
    if (this.ended) listener();
    else this.closed.add(listener);
  }

  /** Until more may be sent, or nothing will be any more. */
  async untilFree(): Promise<void> {
    if (this.ended || this.isFree) return;
    await new Promise<void>((done) => {
      const once = () => {
        this.drained.delete(once);
        this.closed.delete(once);
        done();
      };
      this.drained.add(once);
      this.closed.add(once);
    });
  }

  /** What waits is still sent, to who takes it. */
  end(): void {
    if (this.ended) return;
    const stuck = setTimeout(() => this.response.destroy(), this.bounds.stalledMs).unref();
    this.response.once('close', () => clearTimeout(stuck));
    this.response.end();
    this.noteClose();
  }

  /** Without a word: the client would not take it. */
  drop(): void {
    this.response.destroy();
    this.noteClose();
  }

  private noteDrain(): void {
    clearTimeout(this.stalled);
    this.stalled = undefined;
    for (const listener of [...this.drained]) listener();
  }

  private noteClose(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.stalled);
    for (const listener of [...this.closed]) listener();
    this.drained.clear();
    this.closed.clear();
  }
}

/** Undefined where only the headers were asked for. */
export function openEventStream(request: Request, response: Response): EventStream | undefined {
  if (request.method !== 'HEAD') return new EventStream(response);
  response.writeHead(200, headers).end();
  return undefined;
}
