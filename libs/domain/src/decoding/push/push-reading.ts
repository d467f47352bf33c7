import type { Observation, Place } from '../../observation';
import { RecordReading } from '../reading/record-reading';
import type { RegisterName, RegisterValue, Said } from '../reading/said';
import type { PushState } from './state';

interface LineOrigin {
  readonly sessionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly place: Place;
}

/** One pushed line being read. */
export class PushReading extends RecordReading {
  /** Epoch milliseconds. */
  readonly at: number;

  constructor(
    public state: PushState,
    { sessionId, at, place }: LineOrigin,
    sink: Observation[],
  ) {
    super(sessionId, place, sink);
    this.at = at;
  }

  say(said: Said): void {
    this.sayAt(this.at, said);
  }

  /** The last one wins; told with the line's others by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.put(name, value, this);
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
    this.tellRegistersAt(this.at);
  }
}
