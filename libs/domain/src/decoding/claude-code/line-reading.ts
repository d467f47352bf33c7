import { stableHash } from '@telltale/contracts';
import type { Observation, Place } from '../../observation';
import { parseInstant } from '../reading/instant';
import { RecordReading } from '../reading/record-reading';
import type { RegisterName, RegisterValue, Said } from '../reading/said';
import { storableId } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import type { ClaudeDraft } from './state';

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
export class LineReading extends RecordReading {
  /** Epoch ms: the record's time, else the latest one seen in the file. */
  readonly at: number;
  /** The record's own time; undefined where it has none. */
  readonly ownTime: number | undefined;
  /** The record's uuid, else a key made of the line. */
  readonly uuid: string;

  constructor(
    readonly record: JsonObject,
    readonly origin: LineOrigin,
    readonly state: ClaudeDraft,
    sink: Observation[],
  ) {
    super(origin.sessionId, origin.place, sink);
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
    this.sayAt(this.at, said, agentId);
  }

  /** Of another time than the record's. */
  override sayAt(at: number, said: Said, agentId = this.origin.agentId): void {
    super.sayAt(at, said, agentId);
  }

  /** The last one wins. Told with the others of this line by {@link tellRegisters}. */
  register<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.put(name, value, { at: this.isMain ? this.at : this.at * subagentStamp });
  }

  /** Of a document that states no time and is written anew: what is in it now replaces what was. */
  registerAsOfTheFact<K extends RegisterName>(name: K, value: RegisterValue<K>): void {
    this.put(name, value, { at: asOfTheFact });
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
    this.tellRegistersAt(this.at);
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
