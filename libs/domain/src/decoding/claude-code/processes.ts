import { processGoneLineSchema } from '@telltale/contracts';
import type { FileContext, Observation, Place, ProcessState } from '../../observation';
import { parseInstant } from '../reading/instant';
import { previewOf, storableId } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import type { ClaudeDraft } from './state';
import { titleText } from './state-records';

/** One file of the live registry, `sessions/<pid>.json`, and where what it says goes. */
export interface ProcessReading {
  readonly pid: number;
  readonly place: Place;
  readonly file: FileContext;
  readonly draft: ClaudeDraft;
  readonly sink: Observation[];
}

const states: { readonly [status: string]: ProcessState } = {
  busy: 'running',
  shell: 'running',
  waiting: 'waiting',
  idle: 'idle',
};

const waitingForBytes = 300;

/**
 * What a running process says of the session it has open. It makes no session: until the first record of its
 * transcript there is none. A process that turns to another session (/clear) has left the one before.
 */
export function readProcess(record: JsonObject, reading: ProcessReading): void {
  const { draft, file } = reading;
  if (file.fact === 'process.gone') {
    const gone = processGoneLineSchema.safeParse(record);
    if (!gone.success) return;
    tellGone(gone.data.at, reading);
    // Whatever process bears the pid next, this one leaves no session any more.
    return draft.set('sessionId', null);
  }
  const named = asText(record['sessionId']);
  const at = timeOf(record);
  if (named === undefined || at === undefined) return;
  const sessionId = storableId(named);
  const before = draft.get('sessionId');
  if (before !== null && before !== sessionId) tellGone(at, reading);
  draft.set('sessionId', sessionId);
  tellName(record, { ...reading, sessionId });
  const status = asText(record['status']);
  const state = status === undefined || !Object.hasOwn(states, status) ? undefined : states[status];
  if (state !== undefined) tell({ ...reading, at, state, waitingFor: waitingFor(record, state) });
}

/** A name that its user gave stands as a title, also where no transcript holds it yet. */
function tellName(
  record: JsonObject,
  { sessionId, place, sink }: ProcessReading & { readonly sessionId: string },
): void {
  const title = titleText(record['name']);
  const at = parseInstant(record['nameSince']);
  if (title === undefined || at === undefined) return;
  const stamped = { value: title, at, offset: 0 };
  const registers = record['nameSource'] === 'user' ? { customTitle: stamped } : { agentName: stamped };
  sink.push({ type: 'registers', sessionId, at, place, agentId: null, registers });
}

/** The process is gone: its file was removed, or was left behind by a process that died. */
export function tellGone(at: number, reading: ProcessReading): void {
  tell({ ...reading, at, state: 'gone', waitingFor: null });
}

function tell({
  at,
  state,
  waitingFor: reason,
  ...reading
}: ProcessReading & { at: number; state: ProcessState; waitingFor: string | null }): void {
  const { pid, place, file, draft, sink } = reading;
  const sessionId = draft.get('sessionId');
  if (sessionId === null) return;
  sink.push({
    type: 'process',
    process: storableId(`${file.host}:${pid}`),
    state,
    waitingFor: reason,
    sessionId,
    at,
    place,
    agentId: null,
  });
}

/** The latest of its times: a change of the status moves both. */
function timeOf(record: JsonObject): number | undefined {
  const names = ['statusUpdatedAt', 'updatedAt', 'startedAt'];
  const times = names.map((name) => parseInstant(record[name])).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

function waitingFor(record: JsonObject, state: ProcessState): string | null {
  const text = state === 'waiting' ? asText(record['waitingFor']) : undefined;
  return text === undefined ? null : previewOf(text, waitingForBytes).preview;
}
