import type { Source } from '@telltale/contracts';
import type { Observation } from '../observation';
import { Instants } from './instants';

/** Something a session said of itself. */
export interface Told {
  readonly observation: Observation;
  /** The broker's time of the fact, epoch ms: no record is later. */
  readonly clock: number;
}

export interface ToldFile {
  readonly host: string;
  readonly path: string;
  readonly role: string;
}

interface FileEvent {
  readonly at: number;
  readonly removed: boolean;
}

/** These say nothing of a session but what counts in it. */
const countedOnly: readonly Observation['type'][] = [
  'usage',
  'assistant',
  'prompt',
  'tool-result',
  'compaction',
];

/**
 * What the log tells of one session, reduced to what a replay needs: of what happens all the time, only when it did.
 * What counts is not in it: the read model knows that.
 */
export class ToldRecords {
  readonly told: Told[] = [];
  readonly activity = new Instants();
  readonly agents = new Map<string, Instants>();
  readonly tools = new Map<string, Instants>();
  readonly files = new Map<string, { readonly file: ToldFile; readonly events: FileEvent[] }>();
  private texts = 0;

  constructor(
    readonly sessionId: string,
    readonly source: Source,
  ) {}

  /** About how many bytes of memory it takes. */
  get byteLength(): number {
    const instants = [this.activity, ...this.agents.values(), ...this.tools.values()];
    return instants.reduce((sum, { count }) => sum + 64 + 8 * count, this.texts + 300 * this.told.length);
  }

  /** What is said of other sessions is left out. */
  add(observation: Observation, clock: number): void {
    if (observation.sessionId !== this.sessionId) return;
    const at = Math.min(observation.at, Math.floor(clock));
    const { agentId } = observation;
    if (agentId !== null && observation.type !== 'agent') instantsOf(this.agents, agentId).add(at);
    switch (observation.type) {
      case 'activity':
        return this.activity.add(at);
      case 'tool-use':
        return instantsOf(this.tools, observation.name).add(at);
      default:
        if (countedOnly.includes(observation.type)) return;
        this.told.push({ observation, clock });
        this.texts += textBytes(observation);
    }
  }

  /** The file tells of the session, or was removed, from `at` on; in the order of the log. */
  addFile(file: ToldFile, { at, removed }: FileEvent): void {
    const name = `${file.host}:${file.path}`;
    const known = this.files.get(name) ?? { file, events: [] };
    this.files.set(name, known);
    const last = known.events.at(-1);
    if (last?.removed === removed) return;
    // A file that is back is back after it was removed, whatever times its records bear.
    known.events.push({ at: Math.max(at, last?.at ?? 0), removed });
  }
}

function instantsOf(map: Map<string, Instants>, name: string): Instants {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = new Instants();
  map.set(name, made);
  return made;
}

function textBytes(observation: Observation): number {
  if (observation.type === 'error') return 2 * observation.message.length;
  if (observation.type !== 'registers') return 0;
  return Object.values<{ readonly value: unknown } | undefined>({ ...observation.registers }).reduce(
    (sum, stamped) => sum + 60 + valueBytes(stamped?.value),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  return typeof value === 'object' && value !== null ? 2 * JSON.stringify(value).length : 8;
}
