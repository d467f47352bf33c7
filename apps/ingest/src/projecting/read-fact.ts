import {
  parseFactHeaders,
  parseFactSubject,
  subjectToken,
  type FactAttributes,
  type FactKind,
  type FactSubject,
} from '@telltale/contracts';
import type { FileContext, SourceDecoder } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { noteSession, type FileState, type QuarantinedRecord } from './file-state';

/** A fact whose subject and headers are what they should be. */
export interface ReadFact {
  readonly message: FactMessage;
  readonly subject: FactSubject;
  readonly attributes: FactAttributes;
  /** `<source>.<host token>.<hash>`: the tail of its subject. */
  readonly file: string;
}

/** By what, and as what, a fact's lines are read. */
export interface Reading {
  readonly decoder: SourceDecoder;
  readonly context: FileContext;
}

/** The fact, or what goes to quarantine in its place. */
export function readFact(message: FactMessage): ReadFact | QuarantinedRecord {
  const subject = parseFactSubject(message.subject);
  const headers = parseFactHeaders((name) => message.header(name));
  if (subject !== undefined && headers.ok)
    return { message, subject, attributes: headers.attributes, file: fileOf(subject) };
  return {
    sequence: message.sequence,
    line: 0,
    file: message.subject,
    source: subject?.source ?? '',
    host: subject?.host ?? '',
    path: '',
    reason: headers.ok ? `subject ${message.subject} is not one of a fact` : headers.reason,
    excerpt: '',
  };
}

function fileOf({ source, host, file }: FactSubject): string {
  return `${source}.${subjectToken(host)}.${file}`;
}

/** Of a file that was never heard of. */
export function newFileState(
  { file, subject, attributes }: ReadFact,
  decoder: SourceDecoder | undefined,
): FileState {
  const { partition, source, host } = subject;
  const { path, root } = attributes;
  const state: FileState = {
    file,
    partition,
    source,
    host,
    path,
    root,
    generation: '',
    offset: 0,
    decoderVersion: decoder?.version ?? 0,
    state: {},
    sessionId: null,
    sessions: [],
    entombed: [],
    tombstone: null,
    partSequence: null,
    lastSequence: 0,
    removed: false,
    parked: null,
  };
  notePath(state, decoder);
  return state;
}

/** The file begins anew, perhaps in another place. */
export function startGeneration(
  { attributes }: ReadFact,
  state: FileState,
  { decoder, context }: Reading,
): void {
  state.generation = attributes.generation;
  state.path = attributes.path;
  state.root = attributes.root;
  state.offset = 0;
  state.partSequence = null;
  state.decoderVersion = decoder.version;
  state.state = decoder.initialState(context);
  notePath(state, decoder);
}

/** The path may tell whose file it is, also where nothing in it can be read. */
function notePath(state: FileState, decoder: SourceDecoder | undefined): void {
  const told = decoder?.sessionOf?.(state);
  if (told !== undefined) noteSession(state, told);
}

/** A new generation may have come to another path. */
export function contextOf({ subject, attributes }: ReadFact, state: FileState, fact: FactKind): FileContext {
  const moved = attributes.generation !== state.generation;
  const { path, root } = moved ? attributes : state;
  return { source: subject.source, host: subject.host, path, root, fact };
}

/** The fact of a long line's last part as one of all its parts, at the place of the first. */
export function wholeLine(
  { message, attributes, ...rest }: ReadFact,
  parts: readonly Uint8Array[],
  firstSequence: number,
): ReadFact {
  const { subject, time } = message;
  const body = Buffer.concat(parts);
  return {
    ...rest,
    message: { subject, time, sequence: firstSequence, body, header: (name) => message.header(name) },
    attributes: { ...attributes, from: attributes.to - body.length },
  };
}
