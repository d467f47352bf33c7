import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DeletedSessions } from '../deleting/deleted-sessions';
import { memoryPlan } from '../memory/memory-plan';
import { Revisions } from '../sessions/revisions';
import { noSuchSession } from '../sessions/session-detail';
import { SharedWork } from '../work/shared-work';
import { passing } from './history-problems';
import { HistoryWork } from './history-work';

/** What was asked lately stays, so many bytes of each kind: a slider, or a list's next page, asks again. */
const { replays: keptBytes } = memoryPlan();

/** Something that was made of a session at a revision. */
interface Held {
  readonly revision: string;
  /** About how many bytes of memory it takes. */
  readonly byteLength: number;
}

/** How what is held of a session comes about, and is used. */
export interface Holding<Value> {
  /** Makes it, of the session's revision at that time. */
  make(id: string, signal: AbortSignal): Promise<Value>;
  /** Who uses it takes about as much memory once more, while the request lasts. */
  readonly usesRoom: boolean;
}

/** What it needs of {@link HistoryLimits}. */
export interface HeldLimits {
  readonly revisions: Pick<Revisions, 'session'>;
  readonly work: Pick<HistoryWork, 'makeRoom' | 'keepRoom' | 'run'>;
  readonly deleted: Pick<DeletedSessions, 'hear'>;
}

/** What is made of sessions by reading them from the log, kept as long as nothing in them changes. */
export class HeldSessions<Value extends Held> {
  private readonly kept = new LRUCache<string, Value>({
    maxSize: keptBytes,
    sizeCalculation: ({ byteLength }) => Math.max(1, Math.ceil(byteLength)),
  });
  private readonly shared = new SharedWork<Value>();
  private forgotten = 0;

  constructor(
    private readonly limits: HeldLimits,
    private readonly holding: Holding<Value>,
  ) {
    limits.deleted.hear(() => this.forget());
  }

  /** @throws ProblemException 404 for an unknown session, 413, 503; what `make` throws */
  async of(id: string, signal: AbortSignal): Promise<Value> {
    const revision = await this.limits.revisions.session(id);
    if (revision === undefined) throw noSuchSession(id);
    const { work } = this.limits;
    const known = this.keptOf(id, revision);
    if (known !== undefined) {
      if (this.holding.usesRoom) await work.keepRoom(known.byteLength);
      return known;
    }
    await work.makeRoom(id);
    const meanwhile = this.keptOf(id, revision); // by another one, while this one waited for room
    if (meanwhile !== undefined) return meanwhile;
    try {
      return await this.shared.of(id, signal, (left) => work.run(() => this.made(id, left)));
    } catch (error) {
      throw passing(error);
    }
  }

  /** What is held of a session, be it of an earlier revision. */
  known(id: string): Value | undefined {
    return this.kept.get(id);
  }

  private keptOf(id: string, revision: string): Value | undefined {
    const known = this.kept.get(id);
    return known?.revision === revision ? known : undefined;
  }

  /** A session was deleted for good: nothing that was read before is kept. */
  private forget(): void {
    this.forgotten += 1;
    this.kept.clear();
  }

  private async made(id: string, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const { forgotten } = this;
    const value = await this.holding.make(id, signal);
    if (this.forgotten === forgotten) this.kept.set(id, value);
    return value;
  }
}

/** What all that is read from the log has in common. */
@Injectable()
export class HistoryLimits implements HeldLimits {
  constructor(
    readonly revisions: Revisions,
    readonly work: HistoryWork,
    readonly deleted: DeletedSessions,
  ) {}
}
