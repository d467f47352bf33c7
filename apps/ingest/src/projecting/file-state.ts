import type { DecoderState } from '@telltale/domain';

/** A file as far as it was read: its decoder's state between two lines. */
export interface FileState {
  /** `<source>.<host token>.<hash>`: the tail of the file's subject. */
  readonly file: string;
  readonly partition: number;
  readonly source: string;
  readonly host: string;
  path: string;
  root: string;
  generation: string;
  /** Bytes of the generation that were read. */
  offset: number;
  decoderVersion: number;
  state: DecoderState;
  sessionId: string | null;
  /** Every session that a fact of this file told of since its last tombstone, or that its path names. */
  sessions: readonly string[];
  /** Those that it told of before. */
  entombed: readonly string[];
  /** Sequence of its last tombstone: what told of deleted sessions before it goes. */
  tombstone: number | null;
  /** Sequence of the first part of a line whose last part has not come yet. */
  partSequence: number | null;
  lastSequence: number;
  removed: boolean;
  /** Why nothing of this file is read any more, for example an unknown fact version. */
  parked: string | null;
}

/** Sessions that are remembered of one file. More can only stand in a list that is made to harm. */
const mostSessions = 5000;

/** The file told of a session. */
export function noteSession(state: FileState, sessionId: string): void {
  if (state.sessions.at(-1) === sessionId) return;
  state.sessions = withNames(state.sessions, [sessionId]);
}

/** What told of some sessions before this fact is to go; all others stay, and the file goes on. */
export function entombSome(state: FileState, sequence: number, gone: readonly string[]): void {
  state.tombstone = sequence;
  state.entombed = withNames(state.entombed, state.sessions);
  state.sessions = state.sessions.filter((sessionId) => !gone.includes(sessionId));
}

/** All facts before this one are to go: nothing of what they told stays. */
export function entomb(state: FileState, sequence: number): void {
  entombSome(state, sequence, state.sessions);
  state.path = '';
  state.root = '';
  state.generation = '';
  state.offset = 0;
  state.state = {};
  state.partSequence = null;
  state.parked = null;
}

/** Nothing is known of the file but that its facts are to go. */
export function isEntombed(state: FileState): boolean {
  return state.tombstone !== null && state.tombstone === state.lastSequence && state.generation === '';
}

function withNames(known: readonly string[], more: readonly string[]): readonly string[] {
  const fresh = more.filter((name) => !known.includes(name));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-mostSessions);
}

export interface QuarantinedRecord {
  readonly sequence: number;
  readonly line: number;
  readonly file: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
  readonly reason: string;
  readonly excerpt: string;
}
