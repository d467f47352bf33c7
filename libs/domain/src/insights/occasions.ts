/** What is known of one session's, project's or period's sum. */
export interface Occasion {
  /** As the database had it; undefined: never asked. */
  exact: bigint | undefined;
  /** By how much it can have risen since. */
  rise: bigint;
  /** So many thresholds have been told. */
  told: number;
  /** Something was heard of it since it was asked for. */
  moved: boolean;
  /** Something happened there since the budget is as it is; undefined: nobody knows. */
  active: boolean | undefined;
}

const most = 10_000;

/** Those heard of last: one that was forgotten is asked for again. */
export class Occasions {
  private readonly known = new Map<string, Occasion>();

  find(key: string): Occasion | undefined {
    return this.known.get(key);
  }

  /** Made where it is not known. */
  of(key: string): Occasion {
    const occasion = this.known.get(key) ?? {
      exact: undefined,
      rise: 0n,
      told: 0,
      moved: false,
      active: undefined,
    };
    this.known.delete(key);
    this.known.set(key, occasion);
    if (this.known.size > most) {
      const [oldest] = this.known.keys();
      if (oldest !== undefined) this.known.delete(oldest);
    }
    return occasion;
  }

  /** As they are now: what is asked for while walking through moves to the end. */
  all(): [string, Occasion][] {
    return [...this.known];
  }

  clear(): void {
    this.known.clear();
  }
}
