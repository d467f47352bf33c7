import type { Delta } from '@telltale/contracts';

/** How long a delta that came out of order may wait for the one before it. */
export const holdMs = 250;
/** Enough to know a late duplicate when it comes. */
const remembered = 1024;

interface Held {
  readonly delta: Delta;
  readonly since: number;
}

/**
 * Puts a room's deltas in order by their revisions. A revision is opaque, so the order is known only from the
 * links: a delta leads `from` one revision `to` the next. What does not follow on is held; what has been applied
 * is dropped. Pure but for its own state: time is handed in.
 */
export class RevisionChain {
  #revision: string | null = null;
  #held = new Map<string, Held>();
  #applied = new Set<string>();

  /** The revision of what the client holds; null before the first snapshot. */
  get revision(): string | null {
    return this.#revision;
  }

  /** When the oldest held delta has waited long enough, epoch ms; null where nothing waits. */
  get deadline(): number | null {
    if (this.#revision === null) return null; // the snapshot is still on its way
    const first = this.#held.values().next().value;
    return first ? first.since + holdMs : null;
  }

  /**
   * A snapshot is being asked for: what was received before is in it. The server joins the room before it reads
   * the snapshot, so what comes from here on may go beyond it.
   */
  restart(): void {
    this.#held.clear();
  }

  /** The snapshot is at `revision`: what was held and follows on from there, in order. */
  adopt(revision: string): Delta[] {
    this.#revision = revision;
    this.#applied = new Set([revision]);
    this.#dropOlderThan(revision);
    return this.#followOn();
  }

  /** Takes deltas in any order, any number of times; gives those that can be applied now, in order. */
  accept(deltas: readonly Delta[], now: number): Delta[] {
    // An alert leads nowhere: it is no link of the chain, and waits for none.
    const alerts = deltas.filter(({ from, to }) => from === to);
    for (const delta of deltas) {
      if (delta.from === delta.to || this.#applied.has(delta.to) || this.#held.has(delta.to)) continue;
      this.#held.set(delta.to, { delta, since: now });
    }
    return this.#revision === null ? [] : [...this.#followOn(), ...alerts];
  }

  #followOn(): Delta[] {
    const byFrom = new Map([...this.#held.values()].map(({ delta }) => [delta.from, delta]));
    const ready: Delta[] = [];
    for (let next = byFrom.get(this.#revision); next; next = byFrom.get(next.to)) {
      ready.push(next);
      this.#held.delete(next.to);
      this.#revision = next.to;
      this.#remember(next.to);
    }
    return ready;
  }

  /** Held deltas that lead up to the snapshot are in it already. */
  #dropOlderThan(revision: string): void {
    for (let older = this.#held.get(revision); older;) {
      this.#held.delete(older.delta.to);
      this.#applied.add(older.delta.to);
      older = older.delta.from === null ? undefined : this.#held.get(older.delta.from);
    }
  }

  #remember(revision: string): void {
    this.#applied.add(revision);
    if (this.#applied.size <= remembered) return;
    const oldest = this.#applied.values().next().value;
    if (oldest !== undefined) this.#applied.delete(oldest);
  }
}
