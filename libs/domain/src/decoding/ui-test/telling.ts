import type { FileContext, Observation, Place, SessionRegisters, Stamped } from '../observation';

type Common = 'sessionId' | 'place' | 'agentId' | 'at';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Said = Without<Observation, Common>;
type RegisterName = keyof SessionRegisters;
type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;

/** When a register's value was said: the later wins, of one instant the one with the larger order. */
export interface Stamp {
  readonly at: number;
  readonly order: number;
}

/** What one line tells of a run: knows what its observations have in common and collects them. */
export class Telling {
  readonly observations: Observation[] = [];
  private registers: SessionRegisters = {};

  constructor(
    readonly sessionId: string,
    readonly file: FileContext,
    private readonly place: Place,
  ) {}

  /** @param at epoch milliseconds; 0 where it is not known */
  say(at: number, said: Said): void {
    const { sessionId, place } = this;
    this.observations.push({ ...said, sessionId, at, place, agentId: null });
  }

  /** Something happened in the run at this time. */
  active(at: number | undefined): void {
    if (at !== undefined) this.say(at, { type: 'activity' });
  }

  /** Told with the line's others by {@link tellRegisters}; a value of null says nothing. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K> | null, stamp: Stamp): void {
    if (value === null) return;
    this.registers = { ...this.registers, [name]: { value, at: stamp.at, offset: stamp.order } };
  }

  tellRegisters(at: number): void {
    if (Object.keys(this.registers).length > 0)
      this.say(at, { type: 'registers', registers: this.registers });
  }
}
