import { Injectable, computed, inject, signal } from '@angular/core';
import type { Delta, Room, SubscribeAck, SubscribeRequest } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { attemptTimeoutMs, backoffMs } from './backoff';
import { LatencyMeter } from './latency-meter';
import { liveSocket } from './live-socket';
import { RoomSync, type RoomMember } from './room-sync';

/** After so many failed attempts the page polls beside trying on. */
export const attemptsBeforePolling = 5;
/** What happened is on the page within 5 s, the answer's way included. */
export const pollMs = 4500;
const ackMs = 10_000;

export type ConnectionState =
  | { readonly kind: 'live' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'polling'; readonly attempt: number }
  | { readonly kind: 'error'; readonly attempt: number; readonly reason: string }
  | { readonly kind: 'offline' };

/**
 * The one socket of the page. Reconnects with exponential backoff to 30 s; after five failed attempts it also
 * polls every 5 s until the socket is back. Stores join rooms; what they hold stays while nothing answers.
 */
@Injectable({ providedIn: 'root' })
export class LiveConnection {
  readonly #api = inject(TelltaleApi);
  readonly #connected = signal(false);
  readonly #failed = signal(0);
  readonly #online = signal(navigator.onLine);
  /** Undefined: not asked yet; null: the last poll was answered; else why it was not. */
  readonly #pollError = signal<string | null | undefined>(undefined);
  readonly #rooms = new Map<Room, RoomSync>();
  readonly #latency = new LatencyMeter();
  readonly #socket = inject(liveSocket)();
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attemptTimer: ReturnType<typeof setTimeout> | undefined;
  #pollTimer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  /** When the bytes behind the deltas of this frame were seen, epoch ms. */
  #seen: number[] = [];

  readonly state = computed<ConnectionState>(() => {
    if (!this.#online()) return { kind: 'offline' };
    if (this.#connected()) return { kind: 'live' };
    const attempt = this.#failed() + 1;
    const reason = this.#pollError();
    if (this.#failed() < attemptsBeforePolling || reason === undefined)
      return { kind: 'connecting', attempt };
    return reason === null ? { kind: 'polling', attempt } : { kind: 'error', attempt, reason };
  });
  /** Append → screen, the median of the last minute in milliseconds; null where nothing came. */
  readonly latencyMs = signal<number | null>(null);
  /** When the server last told anything, epoch ms: how old "last known" is. */
  readonly lastHeardAt = signal<number | null>(null);

  constructor() {
    this.#listen();
    setInterval(() => this.latencyMs.set(this.#latency.median(Date.now())), 2000);
  }

  /** Keeps the member in step until the returned function is called. */
  join(member: RoomMember): () => void {
    this.#start();
    const sync = new RoomSync(member, (request) => this.#subscribe(request));
    this.#rooms.set(member.room, sync);
    if (this.#connected()) this.#joinRoom(sync);
    return () => {
      sync.leave();
      if (this.#rooms.get(member.room) !== sync) return;
      this.#rooms.delete(member.room);
      if (this.#connected()) this.#socket.emit('unsubscribe', { room: member.room });
    };
  }

  /** Manual refresh: everything anew, and the socket at once where it waits for its next attempt. */
  async refresh(): Promise<void> {
    if (!this.#connected()) this.#attempt();
    const rooms = [...this.#rooms.values()];
    await Promise.allSettled(rooms.map((sync) => (this.#connected() ? sync.join(true) : sync.member.poll())));
  }

  /** The session ended: no more attempts until somebody joins a room again. */
  stop(): void {
    this.#started = false;
    this.#clearTimers();
    this.#socket.disconnect();
    this.#failed.set(0);
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#attempt();
  }

  #listen(): void {
    this.#socket.on('connect', () => this.#opened());
    this.#socket.on('disconnect', () => this.#closed());
    this.#socket.on('connect_error', (error) => {
      if (isUnauthorized(error)) this.#api.unauthorized.update((count) => count + 1);
      this.#closed();
    });
    this.#socket.on('delta', (delta) => this.#receive(delta));
    addEventListener('online', () => this.#setOnline(true));
    addEventListener('offline', () => this.#setOnline(false));
    document.addEventListener('visibilitychange', () => {
      // a laptop that wakes up should not wait out a backoff of 30 s
      if (!document.hidden && this.#started && !this.#connected()) this.#attempt();
    });
  }

  #attempt(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#attemptTimer);
    if (!this.#started || !this.#online() || this.#connected()) return;
    this.#socket.connect();
    // A blocked WebSocket may hang instead of failing.
    this.#attemptTimer = setTimeout(() => {
      this.#socket.disconnect();
      this.#closed();
    }, attemptTimeoutMs(this.#failed()));
  }

  #opened(): void {
    this.#clearTimers();
    this.#failed.set(0);
    this.#connected.set(true);
    this.#pollError.set(undefined);
    for (const sync of this.#rooms.values()) this.#joinRoom(sync);
  }

  #closed(): void {
    clearTimeout(this.#attemptTimer);
    const wasConnected = this.#connected();
    this.#connected.set(false);
    if (!this.#started || !this.#online()) return;
    if (!wasConnected) this.#failed.update((count) => count + 1);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#attempt(), backoffMs(this.#failed(), Math.random()));
    if (this.#failed() === attemptsBeforePolling) void this.#poll();
  }

  #setOnline(online: boolean): void {
    this.#online.set(online);
    if (online) {
      this.#failed.set(0);
      this.#attempt();
    } else {
      this.#clearTimers();
      this.#socket.disconnect();
      this.#connected.set(false);
    }
  }

  #receive(delta: Delta): void {
    this.lastHeardAt.set(Date.now());
    this.#rooms.get(delta.room)?.receive(delta);
    if (delta.trace) this.#onScreen(delta.trace.seen);
  }

  /** With the next frame it is on the screen: then the time is taken, once for all that came before it. */
  #onScreen(seen: number): void {
    this.#seen.push(seen);
    if (this.#seen.length > 1) return;
    requestAnimationFrame(() => {
      const now = Date.now();
      for (const each of this.#seen) this.#latency.add(each, now);
      this.#seen = [];
    });
  }

  #joinRoom(sync: RoomSync): void {
    sync
      .join()
      .then(() => this.lastHeardAt.set(Date.now()))
      .catch(() => this.#joinAgain(sync));
  }

  /** No answer within the ack's time: as long as the socket stands, ask again. */
  #joinAgain(sync: RoomSync): void {
    if (this.#connected() && this.#rooms.get(sync.member.room) === sync) this.#joinRoom(sync);
  }

  #subscribe(request: SubscribeRequest): Promise<SubscribeAck> {
    return new Promise((resolve, reject) => {
      this.#socket.timeout(ackMs).emit('subscribe', request, (error: Error | null, answer: SubscribeAck) => {
        if (error) reject(error);
        else resolve(answer);
      });
    });
  }

  async #poll(): Promise<void> {
    clearTimeout(this.#pollTimer);
    if (this.#connected() || !this.#started || !this.#online()) return;
    try {
      await Promise.all([...this.#rooms.values()].map((sync) => sync.member.poll()));
      this.#pollError.set(null);
      this.lastHeardAt.set(Date.now());
    } catch (error) {
      this.#pollError.set(error instanceof ApiError ? error.message : 'The gateway cannot be reached.');
    }
    if (this.#connected() || !this.#started) return;
    this.#pollTimer = setTimeout(() => void this.#poll(), pollMs);
  }

  #clearTimers(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#attemptTimer);
    clearTimeout(this.#pollTimer);
  }
}

/** The gateway refuses a socket with a problem's status in `data`. */
function isUnauthorized(error: Error & { readonly data?: unknown }): boolean {
  const { data } = error;
  return typeof data === 'object' && data !== null && 'status' in data && data.status === 401;
}
