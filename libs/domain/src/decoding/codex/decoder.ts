import type { DecoderState, LineOutcome, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../../observation';
import { decodeRecord } from '../reading/decode-record';
import { StateDraft } from '../reading/state-draft';
import { storableId } from '../reading/text';
import { asText } from '../reading/values';
import { events, items, readCompaction } from './events';
import { fullTextOf } from './full-text';
import { LineReading } from './line-reading';
import { codexRecord, type CodexRecord, type RecordType } from './record';
import { codexFile, rolloutStem } from './rollout-path';
import { metaId, readSessionMeta } from './session-meta';
import { initialCodexState, type CodexDraft, type CodexState } from './state';
import { countProblem } from './token-count';
import { noteTurn, readTurnContext } from './turns';

/** Reads Codex's rollouts, of every version that is known, line by line. */
export const codexDecoder: SourceDecoder = {
  version: 1,
  initialState: () => initialCodexState(),
  decodeLine,
  fullText: fullTextOf,
  roleOf: ({ root, path }) => (codexFile(root, path).kind === 'rollout' ? 'main' : 'other'),
  sessionOf({ root, path }) {
    const file = codexFile(root, path);
    const told = file.kind === 'rollout' ? file.sessionId : null;
    return told === null ? undefined : storableId(told);
  },
};

// eslint-disable-next-line @typescript-eslint/max-params -- the interface's own; called once a line, so no object is made for it
function decodeLine(
  state: DecoderState,
  line: string,
  file: FileContext,
  place: Place,
  sink: Observation[],
): LineOutcome {
  return decodeRecord(line, sink, (parsed) => {
    const record = codexRecord(parsed);
    const problem = problemOf(record);
    if (problem !== undefined) return problem;
    const draft = new StateDraft<CodexState>(state);
    const origin = { place, sessionId: sessionOf(file, record, draft) };
    readRecord(new LineReading(record, origin, draft, sink));
    draft.commit();
    return undefined;
  });
}

function problemOf({ type, payload }: CodexRecord): string | undefined {
  return type === 'event_msg' && payload['type'] === 'token_count' ? countProblem(payload) : undefined;
}

/** The path's session, else the first that the file's records name, else the file's name. */
function sessionOf(file: FileContext, record: CodexRecord, draft: CodexDraft): string {
  const known = draft.get('sessionId');
  if (known !== null) return known;
  const rollout = codexFile(file.root, file.path);
  const told = rollout.kind === 'rollout' ? rollout.sessionId : null;
  const named = record.type === 'session_meta' ? metaId(record.payload) : undefined;
  const id = storableId(told ?? named ?? rolloutStem(file.path));
  draft.set('sessionId', id);
  return id;
}

const readers: { readonly [type in RecordType]: (reading: LineReading) => void } = {
  session_meta: readSessionMeta,
  turn_context: readTurnContext,
  compacted: (reading) => readCompaction(reading, 'C'),
  event_msg: (reading) => readByType(events, reading),
  response_item: (reading) => readByType(items, reading),
  other: () => undefined,
};

function readRecord(reading: LineReading): void {
  tellActivity(reading);
  if (reading.record.type !== 'session_meta') noteTurn(reading);
  readers[reading.record.type](reading);
  reading.tellRegisters();
  const { ownTime, state } = reading;
  if (ownTime !== undefined && ownTime > state.get('at')) state.set('at', ownTime);
}

/** What newer versions write and we do not know says nothing but that time passes. */
function readByType(known: typeof events, reading: LineReading): void {
  const type = asText(reading.payload['type']) ?? (reading.record.bare ? 'message' : '');
  if (Object.hasOwn(known, type)) known[type]?.(reading);
}

/**
 * A file of metadata alone is no session: it was opened, and nothing was asked. Once something follows, its time
 * counts as the session's.
 */
function tellActivity(reading: LineReading): void {
  const { ownTime, state, record } = reading;
  const conversed = state.get('conversed');
  if (record.type === 'session_meta' && !conversed) {
    if (ownTime !== undefined) state.set('heldAt', Math.min(ownTime, state.get('heldAt') ?? ownTime));
    return;
  }
  if (!conversed) {
    state.set('conversed', true);
    const heldAt = state.get('heldAt');
    if (heldAt !== null) reading.sayAt(heldAt, { type: 'activity' });
  }
  if (ownTime !== undefined) reading.say({ type: 'activity' });
}
