import type { DecoderState, LineOutcome, Removal, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../../observation';
import { decodeRecord } from '../reading/decode-record';
import { StateDraft } from '../reading/state-draft';
import { storableId } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { agentOfJournal, agentOfMeta } from './agents';
import { fullTextOf } from './full-text';
import { LineReading, type LineOrigin } from './line-reading';
import { agentRecord } from './progress';
import { readProcess, tellGone } from './processes';
import { readRecord } from './records';
import { readCustomTitle, readSessionsIndex } from './sidecars';
import { sessionsIndexWithout, sessionsOfIndex } from './sessions-index';
import { initialClaudeState, type ClaudeDraft, type ClaudeState } from './state';
import { claudeTranscript, type ClaudeTranscript } from './transcript-path';
import { usageProblem } from './usage';

/**
 * Reads Claude Code's transcripts, main and of subagents, line by line; and the JSON files beside them, each given
 * as one line of JSON. The path says which of them a file is. Other files say nothing.
 */
export const claudeCodeDecoder: SourceDecoder = {
  version: 3,
  initialState: () => initialClaudeState(),
  decodeLine,
  fullText: fullTextOf,
  fileRemoved,
  roleOf({ root, path }) {
    const transcript = claudeTranscript(root, path);
    return transcript.kind === 'agent' ? transcript.agentId : transcript.kind;
  },
  tellsOfMany: (file) => ['process', 'sessions-index'].includes(transcriptOf(file).kind),
  sessionsNamed: (line, file) => (transcriptOf(file).kind === 'sessions-index' ? sessionsOfIndex(line) : []),
  withoutSessions: (versions, file, isGone) =>
    transcriptOf(file).kind === 'sessions-index' ? sessionsIndexWithout(versions, isGone) : undefined,
  sessionOf({ root, path }) {
    const transcript = claudeTranscript(root, path);
    const told = 'sessionId' in transcript ? transcript.sessionId : null;
    return told === null ? undefined : storableId(told);
  },
};

function fileRemoved(
  state: DecoderState,
  file: FileContext,
  { at, place }: Removal,
  sink: Observation[],
): void {
  const transcript = transcriptOf(file);
  if (transcript.kind !== 'process') return;
  const draft = new StateDraft<ClaudeState>(state);
  tellGone(at, { pid: transcript.pid, place, file, draft, sink });
  draft.commit();
}

// eslint-disable-next-line @typescript-eslint/max-params -- the interface's own; called once a line, so no object is made for it
function decodeLine(
  state: DecoderState,
  line: string,
  file: FileContext,
  place: Place,
  sink: Observation[],
): LineOutcome {
  return decodeRecord(line, sink, (record) => {
    const problem = countingProblem(record);
    if (problem !== undefined) return problem;
    const draft = new StateDraft<ClaudeState>(state);
    readFileRecord(record, { line, place, file, draft, sink });
    draft.commit();
    return undefined;
  });
}

/** What makes a record uncountable, its own usage or that of the agent record it carries. */
function countingProblem(record: JsonObject): string | undefined {
  const carried = agentRecord(record) ?? record;
  return carried['type'] === 'assistant' ? usageProblem(asObject(carried['message'])?.['usage']) : undefined;
}

interface Line {
  readonly line: string;
  readonly place: Place;
  readonly file: FileContext;
  readonly draft: ClaudeDraft;
  readonly sink: Observation[];
}

function readFileRecord(record: JsonObject, { line, place, file, draft, sink }: Line): void {
  const transcript = transcriptOf(file);
  if (transcript.kind === 'history' || transcript.kind === 'other') return;
  if (transcript.kind === 'process')
    return readProcess(record, { pid: transcript.pid, place, file, draft, sink });
  const origin = originOf(transcript, record, { line, place, draft });
  if (transcript.kind === 'sessions-index') return readSessionsIndex(record, origin, sink);
  const reading = new LineReading(record, origin, draft, sink);
  switch (transcript.kind) {
    case 'main':
    case 'agent':
      return readRecord(reading);
    case 'agent-meta':
      return agentOfMeta(reading, storableId(transcript.agentId));
    case 'workflow-journal':
      return agentOfJournal(reading);
    case 'custom-title':
      readCustomTitle(reading);
      return reading.tellRegisters();
  }
}

function originOf(
  transcript: ClaudeTranscript,
  record: JsonObject,
  { line, place, draft }: Pick<Line, 'line' | 'place' | 'draft'>,
): LineOrigin {
  const sessionId = sessionOf(transcript, record, draft);
  if (transcript.kind === 'agent') {
    const agentId = storableId(transcript.agentId);
    return { line, place, sessionId, agentId, workflowId: transcript.workflowId, sidechain: true };
  }
  const agentId = transcript.kind === 'main' ? asText(record['agentId']) : undefined;
  return {
    line,
    place,
    sessionId,
    agentId: agentId === undefined ? null : storableId(agentId),
    workflowId: 'workflowId' in transcript ? transcript.workflowId : null,
    sidechain: record['isSidechain'] === true,
  };
}

/** The path's session, else the one the file's records name; an agent's file that names none is told apart by its own name. */
function sessionOf(transcript: ClaudeTranscript, record: JsonObject, draft: ClaudeDraft): string {
  const told = 'sessionId' in transcript ? transcript.sessionId : null;
  if (told !== null) return storableId(told);
  const named = asText(record['sessionId']);
  if (named === undefined)
    return (
      draft.get('sessionId') ?? ('agentId' in transcript ? storableId(`agent-${transcript.agentId}`) : '')
    );
  const sessionId = storableId(named);
  draft.set('sessionId', sessionId);
  return sessionId;
}

/** Lines of one file come in a row: its path is looked at once. */
let last: { readonly root: string; readonly path: string; readonly transcript: ClaudeTranscript } | undefined;

function transcriptOf({ root, path }: Pick<FileContext, 'root' | 'path'>): ClaudeTranscript {
  if (last === undefined || last.path !== path || last.root !== root) {
    last = { root, path, transcript: claudeTranscript(root, path) };
  }
  return last.transcript;
}
