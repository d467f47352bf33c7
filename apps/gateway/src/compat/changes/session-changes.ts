import type { Subscription } from '@nats-io/transport-node';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { fleetRoom, liveSessionSubjects, type Delta } from '@telltale/contracts';
import { FleetChain } from '@telltale/domain';
import type { Logger } from '@telltale/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGGER } from '../../connections';
import { DeltaFeed } from '../../live/delta-feed';
import { Revisions } from '../../sessions/revisions';
import { AllRevisions } from '../rows/all-revisions';
import { KnownRevisions, type Unheard } from './known-revisions';

export interface ChangeListener {
  /** A delta of one session. */
  delta(delta: Delta): void;
  /** Deltas of these sessions were lost, or `'many'`: of more than are worth telling one by one. */
  lost(unheard: readonly Unheard[] | 'many'): void;
}

const compareEveryMs = 2000;
/** A delta may still be on its way, also where a service has much to do. */
const graceMs = 1000;
const mostUnheard = 2500;

/**
 * All sessions' deltas, for those who show all sessions; NATS is asked for them only while somebody listens. Each
 * commit takes its steps of the fleet's chain, so that a step which did not come here, and is in the database, tells of
 * a lost delta: one read of a single row every 2 s. Only then all revisions are read, and tell whose it was.
 */
@Injectable()
export class SessionChanges implements BeforeApplicationShutdown {
  private readonly listeners = new Set<ChangeListener>();
  private subscriptions: Subscription[] = [];
  private timer: NodeJS.Timeout | undefined;
  private chain = new FleetChain();
  private known = new KnownRevisions();
  private opened: Promise<void> = Promise.resolve();
  /** Deltas were lost, and it is not known yet whose. */
  private gap = false;
  private doubts: Unheard[] | 'many' = [];
  private failing = false;

  constructor(
    private readonly feed: DeltaFeed,
    private readonly revisions: Revisions,
    private readonly all: AllRevisions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns ends it */
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  /** Until deltas reach those who listen: what is read from now on, and what is heard, leave no gap between them. */
  ready(): Promise<void> {
    return this.opened;
  }

  /** These were heard of, and could not be told on: they count as lost, at the next round. `'many'`: whatever there is. */
  doubt(sessions: ReadonlyMap<string, Omit<Unheard, 'id'>> | 'many'): void {
    if (sessions === 'many' || this.doubts === 'many') this.doubts = 'many';
    else for (const [id, { created, deleted }] of sessions) this.doubts.push({ id, created, deleted });
  }

  beforeApplicationShutdown(): void {
    this.listeners.clear();
    this.close();
  }

  private open(): void {
    this.chain = new FleetChain();
    this.known = new KnownRevisions();
    this.gap = false;
    this.doubts = [];
    this.subscriptions = [
      this.feed.followSubject(liveSessionSubjects, (delta) => {
        this.known.hear(delta);
        this.tell((each) => each.delta(delta));
      }),
      this.feed.follow(fleetRoom, (delta) => this.chain.hear(delta.to)),
    ];
    this.opened = this.begin(this.chain, this.known);
    this.next();
  }

  private close(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.subscriptions = [];
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async begin(chain: FleetChain, known: KnownRevisions): Promise<void> {
    await this.feed.settled();
    try {
      chain.adopt(await this.revisions.fleet());
      await known.compare(this.all.pages());
    } catch (error) {
      this.logger.warn('revisions cannot be read', { error }); // the next round reads them
    }
  }

  private next(): void {
    this.timer = setTimeout(() => {
      void this.compare().then(() => {
        if (this.timer) this.next();
      });
    }, compareEveryMs).unref();
  }

  private async compare(): Promise<void> {
    try {
      await this.opened;
      const { chain } = this;
      const current = await this.revisions.fleet();
      if (!chain.holds(current)) await this.grace();
      if (chain !== this.chain) return; // closed and opened again meanwhile
      this.gap ||= !chain.holds(current) || !this.known.isWhole;
      chain.adopt(current);
      const unheard = this.gap ? await this.find() : [];
      if (chain !== this.chain) return;
      this.gap = false;
      this.tellLost(unheard);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn('revisions cannot be compared', { error });
      this.failing = true; // said once; the next round tries again
    }
  }

  /** Then whatever had come to us by its end has been heard. */
  private async grace(): Promise<void> {
    await pause(graceMs, undefined, { ref: false });
    await this.feed.settled();
  }

  private async find(): Promise<readonly Unheard[] | 'many'> {
    const hadAll = this.known.isWhole;
    const unheard = await this.known.compare(this.all.pages());
    return hadAll ? unheard : 'many';
  }

  private tellLost(found: readonly Unheard[] | 'many'): void {
    const { doubts } = this;
    this.doubts = [];
    const all = found === 'many' || doubts === 'many' ? 'many' : [...doubts, ...found];
    if (all.length === 0) return;
    const unheard = all.length > mostUnheard ? 'many' : all;
    const count = unheard === 'many' ? unheard : unheard.length;
    this.logger.info('deltas were lost, the earlier clients catch up', { sessions: count });
    this.tell((each) => each.lost(unheard));
  }

  private tell(say: (listener: ChangeListener) => void): void {
    for (const listener of this.listeners) {
      try {
        say(listener);
      } catch (error) {
        this.logger.error('a delta could not be told on', { error });
      }
    }
  }
}
