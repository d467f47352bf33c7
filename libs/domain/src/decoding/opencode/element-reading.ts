import type { Observation, Place } from '../../observation';
import { RecordReading } from '../reading/record-reading';
import type { RegisterName, RegisterValue, Said } from '../reading/said';
import type { JsonObject } from '../reading/values';
import type { Element } from './element';

/**
 * What is only gathered from a session's messages counts less than what the session says of itself: such stamps lie
 * before every real time, in their own order.
 */
const gatheredStamp = 1e-15;

/** One element being read. */
export class ElementReading extends RecordReading {
  constructor(
    readonly element: Element,
    place: Place,
    sink: Observation[],
  ) {
    super(element.sessionId, place, sink);
  }

  get value(): JsonObject {
    return this.element.value;
  }

  /** @param at epoch ms; 0 where no time is known */
  say(at: number, said: Said): void {
    this.sayAt(at, said);
  }

  /** Time in which the session did something; undefined times say nothing. */
  active(...times: readonly (number | undefined)[]): void {
    for (const at of times) if (at !== undefined) this.say(at, { type: 'activity' });
  }

  /** The last one wins; told with the others by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>, at: number): void {
    this.put(name, value, { at });
  }

  /** Like {@link register}, but any that the session says of itself wins over it. */
  gather<K extends RegisterName>(name: K, value: RegisterValue<K>, at: number): void {
    this.register(name, value, at * gatheredStamp);
  }

  /** Of a document without a time of its own: the later fact wins. */
  registerBySequence<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.put(name, value, { at: 0, offset: this.place.sequence });
  }

  tellRegisters(at: number): void {
    this.tellRegistersAt(at);
  }
}
