import type { Observation, Place, SessionRegisters } from '../../observation';
import type { RegisterName, RegisterValue, Said } from './said';

/** One record being read: knows what its observations have in common and collects them. A source adds its own words. */
export abstract class RecordReading {
  private readonly registers: SessionRegisters = {};

  constructor(
    readonly sessionId: string,
    readonly place: Place,
    protected readonly sink: Observation[],
  ) {}

  /** @param at epoch ms; 0 where no time is known */
  sayAt(at: number, said: Said, agentId: string | null = null): void {
    this.sink.push({ ...said, sessionId: this.sessionId, at, place: this.place, agentId });
  }

  /**
   * The last one of a record wins; told with the record's others by {@link tellRegistersAt}.
   *
   * @param at epoch ms; the later stamp wins, of two of one time the one with the larger `offset`
   */
  protected put<K extends RegisterName>(
    name: K,
    value: RegisterValue<K>,
    { at, offset = this.place.offset }: { readonly at: number; readonly offset?: number },
  ): void {
    Object.assign(this.registers, { [name]: { value, at, offset } });
  }

  /** Of no agent's. Says nothing where no register was put. */
  protected tellRegistersAt(at: number): void {
    for (const _ in this.registers)
      return this.sayAt(at, { type: 'registers', registers: this.registers }, null);
  }
}
