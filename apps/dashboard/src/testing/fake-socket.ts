import type { Delta, SubscribeAck, SubscribeRequest } from '@telltale/contracts';
import type { LiveSocket } from '../live/live-socket';

type Listener = (...values: unknown[]) => void;

/** The socket at its edge: a test opens it, breaks it, and speaks for the server. */
export class FakeSocket {
  connected = false;
  attempts = 0;
  readonly subscribed: SubscribeRequest[] = [];
  readonly left: string[] = [];
  readonly #listeners = new Map<string, Listener[]>();
  /** The server's answer to `subscribe`; undefined never answers. */
  answer: (request: SubscribeRequest) => SubscribeAck | undefined = () => undefined;

  readonly asSocket = (): LiveSocket => this as never;

  connect(): this {
    this.attempts++;
    return this;
  }

  disconnect(): this {
    this.connected = false;
    return this;
  }

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  timeout(): this {
    return this;
  }

  emit(
    event: string,
    request: SubscribeRequest,
    ack?: (error: Error | null, answer: SubscribeAck) => void,
  ): this {
    if (event === 'unsubscribe') this.left.push(request.room);
    if (event !== 'subscribe') return this;
    this.subscribed.push(request);
    const answer = this.answer(request);
    if (answer) ack?.(null, answer);
    return this;
  }

  open(): void {
    this.connected = true;
    this.#tell('connect');
  }

  drop(): void {
    this.connected = false;
    this.#tell('disconnect', 'transport close');
  }

  refuse(data?: unknown): void {
    this.#tell('connect_error', Object.assign(new Error('websocket error'), { data }));
  }

  send(delta: Delta): void {
    this.#tell('delta', delta);
  }

  #tell(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }
}
