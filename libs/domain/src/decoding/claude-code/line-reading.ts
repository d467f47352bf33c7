import { stableHash } from '@telltale/contracts';
import type { Observation, Place, SessionRegisters, Stamped } from '../observation';
import { parseInstant } from '../reading/instant';
import { storableId } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import type { StateDraft } from './state';

type Common = 'sessionId' | 'at' | 'place' | 'agentId';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An observation but for what the line already says. */
export type Said = Without<Observation, Common>;

type RegisterName = keyof SessionRegisters;
type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;

/** Where a line stands and whom it speaks of. */
export interface LineOrigin {
  readonly line: string;
  readonly place: Place;
  readonly sessionId: string;
  readonly agentId: string | null;
  /** The workflow that launched the agent; null where none did. */
  readonly workflowId: string | null;
  /** The record belongs to a subagent. */
  readonly sidechain: boolean;
}

/**
 * Values a subagent's file tells of the session (project, branch …) count less than anything the main transcript
 * says: their stamps are made so small that they lie before every real time, in their own order.
 */
const subagentStamp = 1e-15;

/** Beyond every real time: the projection moves it back to the time of the fact. */
const asOfTheFact = Number.MAX_SAFE_INTEGER;

/** One record being read: knows its common fields and collects what is said. */
export class LineReading {
  /** Epoch ms: the record's time, else the latest one seen in the file. */
  readonly at: number;
  /** The record's own time; undefined where it has none. */
  readonly ownTime: number | undefined;
  /** The record's uuid, else a key made of the line. */
  readonly uuid: string;
  private readonly registers: SessionRegisters = {};

  constructor(
    readonly record: JsonObject,
    readonly origin: LineOrigin,
    readonly state: StateDraft,
    private readonly sink: Observation[],
  ) {
    this.ownTime = parseInstant(record['timestamp']);
    this.at = this.ownTime ?? state.get('at');
    this.uuid = uuidOf(record, origin.line);
  }

  /** True for records of the main agent: only they say what the session is at. */
  get isMain(): boolean {
    return !this.origin.sidechain && this.origin.agentId === null;
  }

  /** A record within this one (agent_progress), of the agent it names. */
  within(record: JsonObject, agentId: string | null): LineReading {
    const dated =
      parseInstant(record['timestamp']) === undefined ? { ...record, timestamp: this.at } : record;
    return new LineReading(dated, { ...this.origin, agentId, sidechain: true }, this.state, this.sink);
  }

  say(said: Said, agentId: string | null = this.origin.agentId): void {
    const { sessionId, place } = this.origin;
    this.sink.push({ ...said, sessionId, at: this.at, place, agentId });
  }

  /** Of another time than the record's. */
  sayAt(at: number, said: Said): void {
    const { sessionId, place, agentId } = this.origin;
    this.sink.push({ ...said, sessionId, at, place, agentId });
  }

  /** The last one wins. Told with the others of this line by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    const at = this.isMain ? this.at : this.at * subagentStamp;
    Object.assign(this.registers, { [name]: { value, at, offset: this.origin.place.offset } });
  }

  /** Of a document that states no time and is written anew: what is in it now replaces what was. */
  registerAsOfTheFact<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    Object.assign(this.registers, { [name]: { value, at: asOfTheFact, offset: this.origin.place.offset } });
  }

  /** Like {@link register}, but a value that was told last in this file is not told again. */
  registerChange<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    const told = this.state.get('told');
    const slot = this.toldSlot(name);
    if (told[slot] === value) return;
    this.state.set('told', { ...told, [slot]: value });
    this.register(name, value);
  }

  /** Like {@link register}, for what the file's first record says and later ones do not change. */
  registerOnce<K extends RegisterName>(name: K, value: RegisterValue<K> & (string | boolean)): void {
    if (this.state.get('told')[this.toldSlot(name)] === undefined) this.registerChange(name, value);
  }

  tellRegisters(): void {
    if (Object.keys(this.registers).length > 0)
      this.say({ type: 'registers', registers: this.registers }, null);
  }

  /** What a subagent told in the main file does not stop the main agent from telling it with more weight. */
  private toldSlot(name: RegisterName): string {
    return this.isMain ? name : `~${name}`;
  }
}

/** `~` marks a key that was made from the line, for want of an id. */
export function uuidOf(record: JsonObject, line: string): string {
  const uuid = asText(record['uuid']);
  return uuid === undefined ? `~${stableHash(line)}` : storableId(uuid);
}
