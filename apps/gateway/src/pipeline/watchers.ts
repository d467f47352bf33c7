import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { heartbeatIntervalMs, watcherHeartbeatSubjects, type Pipeline } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, NATS, type Clock } from '../connections';
import { parseHeartbeat } from './parse-heartbeat';
import { WatcherStore, type Seen } from './watcher-store';

/** Silent for longer: the watcher is away, and says nothing about now. */
const awayMs = 5 * heartbeatIntervalMs;
/** Silent for longer: it is not shown any more. */
const forgottenMs = 30 * 86_400_000;
/** A watcher that lives is written down this often. */
const keepEveryMs = 30_000;
/** How often it is seen to what is to be written down. */
const tidyEveryMs = 5000;

interface Heard extends Seen {
  /** As of the heartbeat before. */
  readonly bytesBehindBefore: number | undefined;
}

/**
 * Who watches where, from the watchers' own heartbeats. Every replica hears them all; what was said last is kept in the
 * database, so that a watcher which went silent stays known.
 */
@Injectable()
export class Watchers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly heard = new Map<string, Heard>();
  private readonly startedAt: number;
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private tidying: Promise<void> = Promise.resolve();

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly store: WatcherStore,
  ) {
    this.startedAt = now();
  }

  onApplicationBootstrap(): void {
    this.subscription = this.nats.subscribe(watcherHeartbeatSubjects, {
      callback: (error, message) => {
        if (!error) this.hear(message.subject, message.string());
      },
    });
    this.timer = setInterval(() => void this.tidy(), tidyEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.subscription?.unsubscribe();
    clearInterval(this.timer);
    await this.tidying;
    await Promise.all([...this.heard.values()].map((seen) => this.keep(seen)));
  }

  /** By host. A silent one with what it said last. */
  async list(): Promise<Pipeline['watchers']> {
    const known = new Map<string, Seen>(await this.store.all());
    for (const [host, seen] of this.heard) {
      const kept = known.get(host);
      // Silent and kept nowhere: it was removed.
      if (kept ? kept.at <= seen.at : this.isLive(seen)) known.set(host, seen);
    }
    return [...known.values()]
      .sort((a, b) => (a.heartbeat.host < b.heartbeat.host ? -1 : 1))
      .map((seen) => this.shown(seen));
  }

  /**
   * Whether everything the watchers found is in the log. A gateway that has just started has not heard them all
   * yet: silence counts as "no" for as long as one that lives could not have missed to speak.
   */
  allPublished(): boolean {
    const live = [...this.heard.values()].filter((seen) => this.isLive(seen));
    return live.length === 0 ? this.hasListened() : live.every(isAtRest);
  }

  /** Whether the host's watcher lives: then it cannot be removed, it would be back at once. */
  lives(host: string): boolean {
    const seen = this.heard.get(host);
    return seen !== undefined && this.isLive(seen);
  }

  /** False where there is no such host. */
  async forget(host: string): Promise<boolean> {
    this.heard.delete(host);
    return this.store.forget(host);
  }

  /** Writes down what is due. Never rejects: the next time tries again. */
  tidy(): Promise<void> {
    this.tidying = this.tidying
      .then(() => this.keepAndForget())
      .catch((error: unknown) => this.logger.debug('signs of life were not written down', { error }));
    return this.tidying;
  }

  private async keepAndForget(): Promise<void> {
    const kept = await this.store.all();
    for (const [host, seen] of this.heard) {
      const before = kept.get(host);
      const isLive = this.isLive(seen);
      if (!before && !isLive) this.heard.delete(host);
      else if (isDue(seen, before, isLive)) await this.keep(seen);
    }
    const longAgo = this.now() - forgottenMs;
    if ([...kept.values()].some(({ at }) => at < longAgo)) await this.store.forgetNotSeenSince(longAgo);
  }

  private keep(seen: Seen): Promise<void> {
    return this.store.keep(seen).catch((error: unknown) => {
      // The next time tries again; the others are kept all the same.
      this.logger.debug('a sign of life was not written down', { host: seen.heartbeat.host, error });
    });
  }

  private hear(subject: string, text: string): void {
    const parsed = parseHeartbeat(subject, text);
    if (parsed.ok) {
      const { heartbeat } = parsed;
      const bytesBehindBefore = this.heard.get(heartbeat.host)?.heartbeat.bytesBehind;
      this.heard.set(heartbeat.host, { heartbeat, at: this.now(), bytesBehindBefore });
    } else this.logger.warn('a heartbeat is not one', { subject, problem: parsed.reason });
  }

  private shown({ heartbeat, at }: Seen): Pipeline['watchers'][number] {
    const { pid: _, startedAt: __, at: ___, ...told } = heartbeat;
    return { ...told, lastSeenAt: new Date(at).toISOString(), silent: this.now() - at > this.patienceMs() };
  }

  private isLive(seen: Seen): boolean {
    return this.now() - seen.at <= awayMs;
  }

  private hasListened(): boolean {
    return this.now() - this.startedAt > awayMs;
  }

  /** Before it has listened for a while a gateway knows only what is kept, and that is older than what was said. */
  private patienceMs(): number {
    return this.hasListened() ? awayMs : awayMs + keepEveryMs + tidyEveryMs;
  }
}

/** Of a watcher that went silent the last word is kept, whenever it came. */
function isDue(seen: Seen, kept: Seen | undefined, isLive: boolean): boolean {
  return seen.at - (kept?.at ?? 0) >= (isLive ? keepEveryMs : 1);
}

/** A last line without its newline lies behind until it is finished, maybe for ever: what does not move is no backlog. */
function isAtRest({ heartbeat: { backfill, bytesBehind }, bytesBehindBefore }: Heard): boolean {
  return backfill.done && (bytesBehind === 0 || bytesBehind === bytesBehindBefore);
}
