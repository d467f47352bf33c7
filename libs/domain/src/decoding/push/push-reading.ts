import type { Observation, Place, SessionRegisters, Stamped } from '../observation';
import type { PushState } from './state';

type Common = 'sessionId' | 'at' | 'place' | 'agentId';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Said = Without<Observation, Common>;

type RegisterName = keyof SessionRegisters;
type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;

/** One line being read: knows what its observations have in common and collects them. */
export class PushReading {
  readonly observations: Observation[] = [];
  private registers: SessionRegisters = {};

  constructor(
    public state: PushState,
    readonly sessionId: string,
    /** Epoch milliseconds. */
    readonly at: number,
    private readonly place: Place,
  ) {}

  say(said: Said): void {
    const { sessionId, at, place } = this;
    this.observations.push({ ...said, sessionId, at, place, agentId: null });
  }

  /** The last one wins; told with the line's others by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    const stamped = { value, at: this.at, offset: this.place.offset };
    this.registers = { ...this.registers, [name]: stamped };
  }

  /** Like {@link register}; a value that was told last is not told again. */
  registerChange<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    const { told } = this.state;
    if (told[name] === value) return;
    this.state = { ...this.state, told: { ...told, [name]: value } };
    this.register(name, value);
  }

  registerOnce<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    if (this.state.told[name] === undefined) this.registerChange(name, value);
  }

  tellRegisters(): void {
    if (Object.keys(this.registers).length > 0) this.say({ type: 'registers', registers: this.registers });
  }
}
