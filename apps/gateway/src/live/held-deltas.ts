import type { Delta } from '@telltale/contracts';
import { isAfter } from '../sessions/revisions';

/** What may be held for all who wait for a room's snapshot, as JSON. */
export const mostHeldBytes = 1024 * 1024;

/** A room's deltas while snapshots of it are being read, kept once for all who wait. */
export class HeldDeltas {
  private readonly waiting = new Map<string, { readonly behind: number } | undefined>();
  private deltas: Delta[] = [];
  private bytes = 0;

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** From here on, deltas are kept for this client. */
  hold(socketId: string): void {
    this.waiting.set(socketId, { behind: this.deltas.length });
  }

  /** @param bytes of the delta's JSON */
  add(delta: Delta, bytes: number): void {
    if (this.waiting.size === 0) return;
    this.deltas.push(delta);
    this.bytes += bytes;
    if (this.bytes <= mostHeldBytes) return;
    for (const socketId of this.waiting.keys()) this.waiting.set(socketId, undefined);
    this.clear();
  }

  /** What came for this client and goes beyond its snapshot. Undefined: more than is held, it has to ask again. */
  take(socketId: string, revision: string): readonly Delta[] | undefined {
    const place = this.waiting.get(socketId);
    const held = place && this.deltas.slice(place.behind).filter((delta) => isAfter(delta.to, revision));
    this.drop(socketId);
    return held;
  }

  drop(socketId: string): void {
    this.waiting.delete(socketId);
    if (this.waiting.size === 0) this.clear();
  }

  private clear(): void {
    this.deltas = [];
    this.bytes = 0;
  }
}
