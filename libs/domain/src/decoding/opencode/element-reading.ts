import type { Observation, Place, SessionRegisters, Stamped } from '../observation';
import type { JsonObject } from '../reading/values';
import type { Element } from './element';

type Common = 'sessionId' | 'at' | 'place' | 'agentId';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Said = Without<Observation, Common>;

type RegisterName = keyof SessionRegisters;
type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;

/**
 * What is only gathered from a session's messages counts less than what the session says of itself: such stamps lie
 * before every real time, in their own order.
 */
const gatheredStamp = 1e-15;

/** One element being read: collects what it says. */
export class ElementReading {
  private registers: SessionRegisters = {};

  constructor(
    readonly element: Element,
    private readonly place: Place,
    private readonly sink: Observation[],
  ) {}

  get value(): JsonObject {
    return this.element.value;
  }

  /** @param at epoch ms; 0 where no time is known */
  say(at: number, said: Said): void {
    this.sink.push({ ...said, sessionId: this.element.sessionId, at, place: this.place, agentId: null });
  }

  /** Time in which the session did something; undefined times say nothing. */
  active(...times: readonly (number | undefined)[]): void {
    for (const at of times) if (at !== undefined) this.say(at, { type: 'activity' });
  }

  /** The last one wins; told with the others by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>, at: number): void {
    this.registers = { ...this.registers, [name]: { value, at, offset: this.place.offset } };
  }

  /** Like {@link register}, but any that the session says of itself wins over it. */
  gather<K extends RegisterName>(name: K, value: RegisterValue<K>, at: number): void {
    this.register(name, value, at * gatheredStamp);
  }

  /** Of a document without a time of its own: the later fact wins. */
  registerBySequence<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.registers = { ...this.registers, [name]: { value, at: 0, offset: this.place.sequence } };
  }

  tellRegisters(at: number): void {
    if (Object.keys(this.registers).length > 0)
      this.say(at, { type: 'registers', registers: this.registers });
  }
}
