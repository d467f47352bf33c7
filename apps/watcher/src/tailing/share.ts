import { Rotation } from './rotation';

/** How many are looked at in one round. */
export interface Portion {
  /** Of those that changed lately. */
  readonly warm: number;
  /** Of all. */
  readonly cold: number;
}

/** `always`: in every round, whatever the portion. */
export type Warmth = 'always' | 'warm' | 'cold';

/** Who is looked at in a round of many: in turn, so that a round's cost has a bound and everybody's turn comes. */
export class Share<T> {
  private readonly everybody: Rotation<T>;
  private warmTurn = 0;

  constructor(
    private readonly values: ReadonlyMap<unknown, T>,
    private readonly warmthOf: (value: T) => Warmth,
  ) {
    this.everybody = new Rotation(values);
  }

  next(portion: Portion): Set<T> {
    const picked = new Set(this.everybody.next(portion.cold));
    const warm: T[] = [];
    for (const value of this.values.values()) {
      const warmth = this.warmthOf(value);
      if (warmth === 'always') picked.add(value);
      else if (warmth === 'warm') warm.push(value);
    }
    for (const value of this.turnOf(warm, portion.warm)) picked.add(value);
    return picked;
  }

  private turnOf(warm: readonly T[], most: number): readonly T[] {
    if (warm.length <= most) return warm;
    const begin = this.warmTurn % warm.length;
    this.warmTurn = begin + most;
    return [...warm, ...warm].slice(begin, begin + most);
  }
}
