import type { Subscription } from '@nats-io/transport-node';
import { Injectable } from '@nestjs/common';
import { fleetRoom, type Delta } from '@telltale/contracts';
import { FleetChain, KnownSessions, type Move } from '@telltale/domain';
import { DeltaFeed } from '../live/delta-feed';
import { Revisions } from '../sessions/revisions';
import { saidOfSession } from './said-of-session';
import { Spending } from './spending';

/** Of so many sessions it is known what they had cost before. */
const mostSessions = 50_000;

export interface MoveListener {
  /** A session's cost moved. */
  moved(move: Move): void;
  /** There are sessions to be looked up: see {@link FleetMoves.lookUp}. */
  strangers(): void;
  /** Deltas were lost for sure. */
  lost(): void;
}

/** Follows the fleet's deltas: what each session's money did. Every replica hears all of them. */
@Injectable()
export class FleetMoves {
  private readonly sessions = new KnownSessions(mostSessions);
  private readonly chain = new FleetChain();
  private strangers = new Set<string>();
  private subscription: Subscription | undefined;
  private listener: MoveListener | undefined;
  /** Was behind this at the last look. */
  private behind: string | undefined;

  constructor(
    private readonly feed: DeltaFeed,
    private readonly revisions: Revisions,
    private readonly spending: Spending,
  ) {}

  get hasStrangers(): boolean {
    return this.strangers.size > 0;
  }

  /** What is committed from now on is heard, or found missing; what was before, is in the database. */
  async begin(listener: MoveListener): Promise<void> {
    this.listener = listener;
    this.subscription ??= this.feed.follow(fleetRoom, (delta) => this.hear(delta));
    await this.feed.settled();
    this.sessions.clear();
    this.strangers.clear();
    this.behind = undefined;
    this.chain.adopt(await this.revisions.fleet());
  }

  end(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
    this.strangers.clear();
    this.sessions.clear();
  }

  /** Sessions of which a delta told only a part, as they stand now. */
  async lookUp(): Promise<void> {
    const ids = this.strangers;
    this.strangers = new Set();
    try {
      for (const [id, known] of await this.spending.known([...ids])) {
        const move = this.sessions.learn(id, known);
        if (move) this.listener?.moved(move);
      }
    } catch (error) {
      for (const id of ids) this.strangers.add(id);
      throw error;
    }
  }

  /** Whether a delta is missing that should have come since the last look. */
  async isBehind(): Promise<boolean> {
    const now = await this.revisions.fleet();
    const isLost = this.behind !== undefined && !this.chain.holds(this.behind);
    this.behind = this.chain.holds(now) ? undefined : now;
    return isLost;
  }

  private hear(delta: Delta): void {
    this.chain.hear(delta.to);
    if (this.chain.isBroken) this.listener?.lost();
    else if (delta.changes?.deleted) this.sessions.forget(delta.sessionId);
    else this.follow(delta.sessionId, saidOfSession(delta));
  }

  private follow(sessionId: string, said: ReturnType<typeof saidOfSession>): void {
    if (said === 'ask') this.sessions.forget(sessionId);
    const move = typeof said === 'object' ? this.sessions.hear(said) : said;
    if (move === undefined) return;
    if (typeof move === 'object') return this.listener?.moved(move);
    this.strangers.add(sessionId);
    this.listener?.strangers();
  }
}
