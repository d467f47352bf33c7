import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { claudeSessionsRefreshSubject, type Delta } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, NATS, type Clock } from '../connections';
import { Batches } from './changes/batches';
import type { Unheard } from './changes/known-revisions';
import { SessionChanges } from './changes/session-changes';
import { HomePageClient, homePageFrame, mergedNews, newsFrames, type SessionNews } from './home-page-client';
import { hasEnded, SessionDataRows } from './rows/session-data';
import type { EventStream } from './streams/event-stream';
import { keepaliveMs } from './streams/keepalive';

/** Ids of pushed sessions and of test runs: not these pages' business. */
const otherId = /^push:|@/;

/** Tells session home pages what happens: read and written once for all of them. */
@Injectable()
export class HomePages implements BeforeApplicationShutdown {
  private readonly clients = new Map<EventStream, HomePageClient>();
  private readonly changed: Batches<SessionNews>;
  private readonly replica = randomUUID();
  private stop: () => void = () => undefined;

  constructor(
    private readonly changes: SessionChanges,
    private readonly sessions: SessionDataRows,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.changed = new Batches(
      (batch) => this.say(batch),
      (reason, dropped) => {
        this.note(reason);
        this.changes.doubt(dropped);
      },
    );
  }

  async join(stream: EventStream): Promise<void> {
    const client = new HomePageClient(stream, this.sessions, this.now, (error) => this.note(error));
    this.clients.set(stream, client);
    if (this.clients.size === 1) this.begin();
    stream.onClose(() => this.leave(stream));
    await this.changes.ready();
    await client.begin();
  }

  /** Of all replicas. Another one that cannot be reached is not told: its clients ask again by themselves. */
  refreshEverywhere(): void {
    this.refresh();
    try {
      this.nats.publish(claudeSessionsRefreshSubject, this.replica);
    } catch (error) {
      this.note(error); // the connection is closed: we are about to end
    }
  }

  beforeApplicationShutdown(): void {
    for (const stream of [...this.clients.keys()]) stream.end();
  }

  private begin(): void {
    const stopListening = this.changes.listen({
      delta: (delta) => this.hear(delta),
      lost: (unheard) => this.catchUp(unheard),
    });
    const refreshes = this.nats.subscribe(claudeSessionsRefreshSubject, {
      callback: (error, message) => {
        if (!error && message.string() !== this.replica) this.refresh();
      },
    });
    const keepalives = setInterval(() => this.keepAlive(), keepaliveMs).unref();
    this.stop = () => {
      stopListening();
      refreshes.unsubscribe();
      clearInterval(keepalives);
    };
  }

  private leave(stream: EventStream): void {
    this.clients.delete(stream);
    if (this.clients.size > 0) return;
    this.stop();
    this.changed.clear();
  }

  private hear({ sessionId, from, at, changes, refetch }: Delta): void {
    if (otherId.test(sessionId)) return;
    const created = from === null;
    // What is said of a session that was never told can only be that it is there.
    const ended = !created && (refetch === true || hasEnded(changes?.status) || changes?.archived === true);
    this.add(sessionId, { at, created, ended, deleted: changes?.deleted ?? false });
  }

  private add(sessionId: string, news: SessionNews): void {
    this.changed.add(sessionId, (before) => mergedNews(before, news));
  }

  private catchUp(unheard: readonly Unheard[] | 'many'): void {
    if (unheard === 'many') return this.refresh();
    const at = new Date(this.now()).toISOString();
    for (const { id, created, deleted } of unheard)
      if (!otherId.test(id)) this.add(id, { at, created, ended: !created, deleted });
  }

  private async say(batch: ReadonlyMap<string, SessionNews>): Promise<void> {
    const frames = newsFrames(batch, await this.sessions.of([...batch.keys()]), this.now());
    if (frames === '') return;
    for (const client of this.clients.values()) client.tell(frames, batch);
  }

  private refresh(): void {
    for (const client of this.clients.values()) void client.refresh();
  }

  private keepAlive(): void {
    const frame = homePageFrame('keepalive', [], this.now());
    for (const client of this.clients.values()) client.keepAlive(frame);
  }

  private note(error: unknown): void {
    this.logger.warn('home pages could not be told', { error });
  }
}
