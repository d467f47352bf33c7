import { Coalesced } from './coalesced';

/**
 * One read at a time; who asks meanwhile is answered by the next one, together with all others who do. Nobody gets an
 * answer whose reading began before they asked.
 */
export class GatheredReads<Key, Answer> {
  private keys = new Set<Key>();
  private readonly reads: Coalesced<Answer>;

  /** @param read what is asked for by these keys, all of it */
  constructor(read: (keys: ReadonlySet<Key>) => Promise<Answer>) {
    this.reads = new Coalesced(() => {
      const { keys } = this;
      this.keys = new Set();
      return read(keys);
    });
  }

  /** The answer to this key and to all others that were asked for together with it. */
  ask(key?: Key): Promise<Answer> {
    if (key !== undefined) this.keys.add(key);
    return this.reads.get();
  }
}
