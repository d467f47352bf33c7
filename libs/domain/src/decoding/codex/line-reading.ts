import type { Observation, Place, SessionRegisters, Stamped } from '../observation';
import { parseInstant } from '../reading/instant';
import type { JsonObject } from '../reading/values';
import type { CodexRecord } from './record';
import type { StateDraft } from './state';

type Common = 'sessionId' | 'at' | 'place' | 'agentId';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An observation but for what the line already says. */
export type Said = Without<Observation, Common>;

type RegisterName = keyof SessionRegisters;
type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;

export interface LineOrigin {
  readonly place: Place;
  readonly sessionId: string;
}

/** One record being read: knows its common fields and collects what is said. */
export class LineReading {
  readonly payload: JsonObject;
  /** Epoch ms: the record's time, else the latest one seen in the file. */
  readonly at: number;
  /** The record's own time; undefined where it has none. */
  readonly ownTime: number | undefined;
  private readonly registers: SessionRegisters = {};

  constructor(
    readonly record: CodexRecord,
    readonly origin: LineOrigin,
    readonly state: StateDraft,
    private readonly sink: Observation[],
  ) {
    this.payload = record.payload;
    this.ownTime = parseInstant(record.timestamp);
    this.at = this.ownTime ?? state.get('at');
  }

  say(said: Said): void {
    this.sayAt(this.at, said);
  }

  /** Of another time than the record's. */
  sayAt(at: number, said: Said): void {
    const { sessionId, place } = this.origin;
    this.sink.push({ ...said, sessionId, at, place, agentId: null });
  }

  /** The last one wins. Told with the others of this line by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    const stamped = { value, at: this.at, offset: this.origin.place.offset };
    Object.assign(this.registers, { [name]: stamped });
  }

  /** Like {@link register}, but a value that was told last in this file is not told again. */
  registerChange<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    if (this.noteTold(name, value)) this.register(name, value);
  }

  /** Like {@link register}, for what the file says first and later records do not change. */
  registerOnce<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    if (this.state.get('told')[name] === undefined) this.registerChange(name, value);
  }

  /** Whether it is another value than the one last told under this name. */
  noteTold(name: string, value: string | boolean): boolean {
    const told = this.state.get('told');
    if (told[name] === value) return false;
    this.state.set('told', { ...told, [name]: value });
    return true;
  }

  tellRegisters(): void {
    if (Object.keys(this.registers).length > 0) this.say({ type: 'registers', registers: this.registers });
  }
}
