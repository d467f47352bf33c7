import type { Observation, Place } from '../../observation';
import { parseInstant } from '../reading/instant';
import { RecordReading } from '../reading/record-reading';
import type { RegisterName, RegisterValue, Said } from '../reading/said';
import type { JsonObject } from '../reading/values';
import type { CodexRecord } from './record';
import type { CodexDraft } from './state';

interface LineOrigin {
  readonly place: Place;
  readonly sessionId: string;
}

/** One record being read: knows its common fields and collects what is said. */
export class LineReading extends RecordReading {
  readonly payload: JsonObject;
  /** Epoch ms: the record's time, else the latest one seen in the file. */
  readonly at: number;
  /** The record's own time; undefined where it has none. */
  readonly ownTime: number | undefined;

  constructor(
    readonly record: CodexRecord,
    { place, sessionId }: LineOrigin,
    readonly state: CodexDraft,
    sink: Observation[],
  ) {
    super(sessionId, place, sink);
    this.payload = record.payload;
    this.ownTime = parseInstant(record.timestamp);
    this.at = this.ownTime ?? state.get('at');
  }

  say(said: Said): void {
    this.sayAt(this.at, said);
  }

  /** The last one wins. Told with the others of this line by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.put(name, value, this);
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
    this.tellRegistersAt(this.at);
  }
}
