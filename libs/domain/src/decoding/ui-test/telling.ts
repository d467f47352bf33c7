import type { FileContext, Observation, Place } from '../../observation';
import { RecordReading } from '../reading/record-reading';
import type { RegisterName, RegisterValue, Said } from '../reading/said';

/** When a register's value was said: the later wins, of one instant the one with the larger order. */
interface Stamp {
  readonly at: number;
  readonly order: number;
}

/** What one line tells of a run. */
export class Telling extends RecordReading {
  constructor(
    sessionId: string,
    readonly file: FileContext,
    { place, sink }: { readonly place: Place; readonly sink: Observation[] },
  ) {
    super(sessionId, place, sink);
  }

  /** @param at epoch milliseconds; 0 where it is not known */
  say(at: number, said: Said): void {
    this.sayAt(at, said);
  }

  /** Something happened in the run at this time. */
  active(at: number | undefined): void {
    if (at !== undefined) this.say(at, { type: 'activity' });
  }

  /** Told with the line's others by {@link tellRegisters}; a value of null says nothing. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K> | null, stamp: Stamp): void {
    if (value !== null) this.put(name, value, { at: stamp.at, offset: stamp.order });
  }

  tellRegisters(at: number): void {
    this.tellRegistersAt(at);
  }
}
