import type { Delta } from '@telltale/contracts';
import { isAfter } from '../../sessions/revisions';

/** A session whose deltas were not heard, or could not be told on. */
export interface Unheard {
  readonly id: string;
  /** Nobody here knew of it. */
  readonly created: boolean;
  readonly deleted: boolean;
}

export interface SessionRevision {
  readonly id: string;
  readonly revision: string;
}

/**
 * The revision at which each session was heard of last, so that after a loss only those are told of that moved unheard.
 * Some 150 bytes a session while somebody listens.
 */
export class KnownRevisions {
  private readonly revisions = new Map<string, string>();
  private whole = false;

  /** Every session was compared once: what is not known since is new. */
  get isWhole(): boolean {
    return this.whole;
  }

  hear({ sessionId, to, changes }: Delta): void {
    if (changes?.deleted) this.revisions.delete(sessionId);
    else this.revisions.set(sessionId, to);
  }

  /**
   * Takes all sessions as they stand, and gives those that are not as they were known. What is heard while the pages
   * come is as good. Where a page fails, nothing is taken.
   */
  async compare(pages: AsyncIterable<readonly SessionRevision[]>): Promise<Unheard[]> {
    const missing = new Set(this.revisions.keys());
    const moved = new Map<string, string>();
    for await (const page of pages) {
      for (const { id, revision } of page) {
        missing.delete(id);
        if (this.isNews(id, revision)) moved.set(id, revision);
      }
    }
    this.whole = true;
    return [...[...moved].flatMap(([id, revision]) => this.take(id, revision)), ...this.drop(missing)];
  }

  private isNews(id: string, revision: string): boolean {
    const known = this.revisions.get(id);
    return known === undefined || (known !== revision && isAfter(revision, known));
  }

  private take(id: string, revision: string): Unheard[] {
    if (!this.isNews(id, revision)) return []; // heard of meanwhile
    const created = !this.revisions.has(id);
    this.revisions.set(id, revision);
    return [{ id, created, deleted: false }];
  }

  private drop(missing: ReadonlySet<string>): Unheard[] {
    return [...missing]
      .filter((id) => this.revisions.delete(id))
      .map((id) => ({ id, created: false, deleted: true }));
  }
}
