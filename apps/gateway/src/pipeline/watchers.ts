import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import {
  heartbeatIntervalMs,
  watcherHeartbeatSchema,
  watcherHeartbeatSubjects,
  type Pipeline,
  type WatcherHeartbeat,
} from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, NATS, type Clock } from '../connections';

/** Silent for longer: the watcher is away, and says nothing about now. */
const awayMs = 5 * heartbeatIntervalMs;
/** Silent for longer: it is not shown any more. */
const forgottenMs = 24 * 3_600_000;

interface Seen {
  readonly heartbeat: WatcherHeartbeat;
  /** By our own clock: hosts' clocks differ. */
  readonly at: number;
  /** As of the heartbeat before. */
  readonly bytesBehindBefore: number | undefined;
}

/** Who watches where, from the watchers' own heartbeats. */
@Injectable()
export class Watchers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly byHost = new Map<string, Seen>();
  private readonly startedAt: number;
  private subscription: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly now: Clock,
  ) {
    this.startedAt = now();
  }

  onApplicationBootstrap(): void {
    this.subscription = this.nats.subscribe(watcherHeartbeatSubjects, {
      callback: (error, message) => {
        if (!error) this.hear(message.string());
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.subscription?.unsubscribe();
  }

  list(): Pipeline['watchers'] {
    const now = this.now();
    for (const [host, seen] of this.byHost) if (now - seen.at > forgottenMs) this.byHost.delete(host);
    return [...this.byHost.values()]
      .sort((a, b) => (a.heartbeat.host < b.heartbeat.host ? -1 : 1))
      .map(({ heartbeat: { host, version, roots, files, bytesBehind, backfill }, at }) => {
        return { host, version, roots, files, bytesBehind, backfill, lastSeenAt: new Date(at).toISOString() };
      });
  }

  /**
   * Whether everything the watchers found is in the log. A gateway that has just started has not heard them all
   * yet: silence counts as "no" for as long as one that lives could not have missed to speak.
   */
  allPublished(): boolean {
    const now = this.now();
    const live = [...this.byHost.values()].filter((seen) => now - seen.at <= awayMs);
    if (live.length === 0) return now - this.startedAt > awayMs;
    return live.every(isAtRest);
  }

  private hear(text: string): void {
    const parsed = watcherHeartbeatSchema.safeParse(jsonOf(text));
    if (parsed.success) {
      const { host } = parsed.data;
      const bytesBehindBefore = this.byHost.get(host)?.heartbeat.bytesBehind;
      this.byHost.set(host, { heartbeat: parsed.data, at: this.now(), bytesBehindBefore });
    } else this.logger.warn('a heartbeat is not one', { problem: parsed.error.issues[0]?.message });
  }
}

/** A last line without its newline lies behind until it is finished, maybe for ever: what does not move is no backlog. */
function isAtRest({ heartbeat: { backfill, bytesBehind }, bytesBehindBefore }: Seen): boolean {
  return backfill.done && (bytesBehind === 0 || bytesBehind === bytesBehindBefore);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it, and says so
  }
}
