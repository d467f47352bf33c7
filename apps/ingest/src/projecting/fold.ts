import {
  factKindOf,
  parseFactHeaders,
  parseFactSubject,
  subjectToken,
  type FactAttributes,
  type FactKind,
  type FactSubject,
} from '@telltale/contracts';
import {
  BatchDraft,
  decoderOf,
  type FileContext,
  type LineOutcome,
  type Observation,
  type SourceDecoder,
} from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { linesOf } from './file-lines';
import { applyDeletion } from './deletion-command';
import { noteSession, type FileState, type QuarantinedRecord } from './file-state';
import { maySpeakOf, takesPushedId } from './pushed-names';

/** What a batch of facts comes to: a draft for the projection, the files' new states, and what could not be read. */
export interface Folded {
  /**
   * What is said before that, where it is more than one transaction may take. Each portion may be committed by itself:
   * what it says is said again where the facts are read again, which changes nothing.
   */
  readonly earlier: readonly BatchDraft[];
  readonly draft: BatchDraft;
  readonly files: ReadonlyMap<string, FileState>;
  readonly quarantined: readonly QuarantinedRecord[];
  readonly bytes: number;
  /** When the oldest live bytes of the batch were seen and logged, epoch ms. */
  readonly seen: number | null;
  readonly logged: number | null;
}

export interface FoldSources {
  /** The stored states of files, by file. */
  fileStates(files: readonly string[]): Promise<ReadonlyMap<string, FileState>>;
  /** The parts of a long line, in order. */
  parts(line: { subject: string; firstSequence: number; count: number }): Promise<readonly Uint8Array[]>;
  /** Why the bytes that an `attachment.added` fact tells of cannot be shown; undefined where they can. */
  attachmentProblem(fact: { host: string; body: Uint8Array }): Promise<string | undefined>;
}

/** Observations that one transaction takes: it must not stand idle for a second between reading and writing. */
const mostInDraft = 10_000;

interface ReadFact {
  readonly message: FactMessage;
  readonly subject: FactSubject;
  readonly attributes: FactAttributes;
  readonly file: string;
}

/** By what, and as what, a fact's lines are read. */
interface Reading {
  readonly decoder: SourceDecoder;
  readonly context: FileContext;
}

/** Folds consecutive facts of one partition. Throws only where `sources` does. */
export async function fold(messages: readonly FactMessage[], sources: FoldSources): Promise<Folded> {
  const folder = new Folder(sources);
  const facts = messages.map((message) => folder.read(message)).filter((fact) => fact !== undefined);
  await folder.load([...new Set(facts.map((fact) => fact.file))]);
  for (const fact of facts) await folder.apply(fact);
  return folder.result();
}

export function fileOf(subject: FactSubject): string {
  return `${subject.source}.${subjectToken(subject.host)}.${subject.file}`;
}

class Folder {
  private readonly earlier: BatchDraft[] = [];
  private draft = new BatchDraft();
  private readonly files = new Map<string, FileState>();
  private readonly quarantined: QuarantinedRecord[] = [];
  private bytes = 0;
  private seen: number | null = null;
  private logged: number | null = null;

  constructor(private readonly sources: FoldSources) {}

  result(): Folded {
    const { earlier, draft, files, quarantined, bytes, seen, logged } = this;
    return { earlier, draft, files, quarantined, bytes, seen, logged };
  }

  read(message: FactMessage): ReadFact | undefined {
    this.bytes += message.body.length;
    const subject = parseFactSubject(message.subject);
    const headers = parseFactHeaders((name) => message.header(name));
    if (subject === undefined || !headers.ok) {
      const reason = headers.ok ? `subject ${message.subject} is not one of a fact` : headers.reason;
      this.quarantine(
        {
          message,
          file: message.subject,
          source: subject?.source ?? '',
          host: subject?.host ?? '',
          path: '',
        },
        0,
        reason,
      );
      return undefined;
    }
    return { message, subject, attributes: headers.attributes, file: fileOf(subject) };
  }

  async load(files: readonly string[]): Promise<void> {
    for (const [file, state] of await this.sources.fileStates(files))
      this.files.set(file, structuredClone(state));
  }

  async apply(fact: ReadFact): Promise<void> {
    const decoder = decoderOf(fact.subject.source);
    const state = this.stateOf(fact, decoder);
    if (fact.message.sequence <= state.lastSequence) return;
    state.lastSequence = fact.message.sequence;
    const kind = factKindOf(fact.attributes.type);
    if (kind === 'session.deleted') return this.deleted(fact, state);
    // What comes meanwhile is read from the log once the file can be.
    if (state.parked !== null) return;
    if (decoder === undefined) return this.park(fact, state, `no decoder for source ${fact.subject.source}`);
    if (kind === undefined) return this.park(fact, state, `unknown fact ${fact.attributes.type}`);
    const context = contextOf(fact, state, kind);
    if (kind === 'file.removed' || kind === 'file.renamed')
      return this.removed(fact, state, { decoder, context });
    return this.told(fact, state, { decoder, context });
  }

  private stateOf(fact: ReadFact, decoder: SourceDecoder | undefined): FileState {
    const known = this.files.get(fact.file);
    if (known !== undefined) return known;
    const { subject, attributes } = fact;
    const state: FileState = {
      file: fact.file,
      partition: subject.partition,
      source: subject.source,
      host: subject.host,
      path: attributes.path,
      root: attributes.root,
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
    this.files.set(fact.file, state);
    return state;
  }

  private deleted(fact: ReadFact, state: FileState): void {
    const command = applyDeletion(fact, state);
    if (command === 'unreadable') this.reject(fact, 'this names no session to delete');
    else if (command !== undefined) this.draft.delete(command.session, command.source);
  }

  /** Lines, of whatever kind of fact. */
  private async told(fact: ReadFact, state: FileState, reading: Reading): Promise<void> {
    const { attributes, message } = fact;
    if (attributes.generation !== state.generation) this.startGeneration(fact, state, reading);
    state.removed = false;
    this.noteTimes(attributes, message);
    if (attributes.part !== undefined && reading.context.fact !== 'attachment.added')
      return this.part(fact, state, reading);
    // Byte ranges only save work: what was read of this generation is not read again.
    const skip = Math.max(0, state.offset - attributes.from);
    const problem = await this.problemOf(fact, reading.context);
    if (problem !== undefined) this.reject(fact, problem);
    else if (skip < message.body.length) await this.lines(fact, state, { ...reading, skip });
    state.offset = Math.max(state.offset, attributes.to);
    state.partSequence = null;
  }

  private async problemOf(
    { message, attributes }: ReadFact,
    { fact, host }: FileContext,
  ): Promise<string | undefined> {
    if (fact !== 'attachment.added') return undefined;
    // What proves it reads one fact.
    if (attributes.part !== undefined) return 'a fact that tells of an attachment has no parts';
    return this.sources.attachmentProblem({ host, body: message.body });
  }

  private startGeneration(fact: ReadFact, state: FileState, { decoder, context }: Reading): void {
    const { attributes } = fact;
    state.generation = attributes.generation;
    state.path = attributes.path;
    state.root = attributes.root;
    state.offset = 0;
    state.partSequence = null;
    state.decoderVersion = decoder.version;
    state.state = decoder.initialState(context);
    notePath(state, decoder);
  }

  private noteTimes(attributes: FactAttributes, message: FactMessage): void {
    if (attributes.seen === undefined || this.seen !== null) return;
    this.seen = attributes.seen;
    this.logged = message.time;
  }

  private async part(fact: ReadFact, state: FileState, reading: Reading): Promise<void> {
    const { attributes, message } = fact;
    const { k, n } = attributes.part ?? { k: 1, n: 1 };
    if (k === 1) state.partSequence = message.sequence;
    if (attributes.to <= state.offset) return;
    if (k < n) return;
    const first = state.partSequence;
    state.partSequence = null;
    state.offset = attributes.to;
    if (first === null) return this.reject(fact, 'the first part of this line is missing in the log');
    const parts = await this.sources.parts({ subject: message.subject, firstSequence: first, count: n });
    const bytes = Buffer.concat(parts);
    const from = attributes.to - bytes.length;
    const whole: ReadFact = {
      ...fact,
      message: { ...placeOf(message), sequence: first, body: bytes },
      attributes: { ...attributes, from },
    };
    await this.lines(whole, state, { ...reading, skip: 0 });
  }

  private async lines(
    fact: ReadFact,
    state: FileState,
    { decoder, context, skip }: Reading & { skip: number },
  ): Promise<void> {
    const { message, attributes } = fact;
    const sink: Observation[] = [];
    for (const { text, line, offset } of linesOf(message.body, skip)) {
      const place = { sequence: message.sequence, line, offset: attributes.from + offset };
      const told = sink.length;
      for (const named of decoder.sessionsNamed?.(text, context) ?? []) noteSession(state, named);
      const outcome = decoder.decodeLine(state.state, text, context, place, sink);
      const isForeign = sink.slice(told).some((said) => !maySpeakOf(context.source, said));
      if (isForeign) sink.length = told;
      const reason = isForeign ? takesPushedId : reasonOf(outcome);
      if (reason !== undefined) this.quarantine({ message, ...context, file: fact.file }, line, reason, text);
    }
    await this.collect(fact, state, { sink, role: decoder.roleOf(context) });
  }

  private async collect(
    fact: ReadFact,
    state: FileState,
    { sink, role }: { sink: readonly Observation[]; role: string },
  ): Promise<void> {
    const { message, subject } = fact;
    const told = new Set<string>();
    for (const observation of sink) {
      noteSession(state, observation.sessionId);
      if (this.draft.size >= mostInDraft) await this.beginDraft();
      this.draft.add(observation, subject.source, message.time);
      if (observation.type === 'activity') told.add(observation.sessionId);
    }
    for (const sessionId of told) {
      state.sessionId = sessionId;
      if (role === '') continue;
      this.draft.addFile(sessionId, subject.source, {
        host: subject.host,
        path: state.path,
        role,
        removed: false,
      });
    }
  }

  /** Leases want to be renewed meanwhile. */
  private async beginDraft(): Promise<void> {
    this.earlier.push(this.draft);
    this.draft = new BatchDraft();
    await nextTurn();
  }

  private removed(fact: ReadFact, state: FileState, { decoder, context }: Reading): void {
    const { attributes, message } = fact;
    const { source, host } = fact.subject;
    const sink: Observation[] = [];
    const place = { sequence: message.sequence, line: 0, offset: attributes.to };
    if (!state.removed)
      decoder.fileRemoved?.(state.state, context, { at: attributes.seen ?? message.time, place }, sink);
    for (const observation of sink)
      if (maySpeakOf(source, observation)) this.draft.add(observation, source, message.time);
    state.removed = true;
    state.partSequence = null;
    if (state.sessionId === null) return;
    const role = decoder.roleOf(context);
    if (role === '') return;
    this.draft.addFile(state.sessionId, source, { host, path: state.path, role, removed: true });
  }

  private async park(fact: ReadFact, state: FileState, reason: string): Promise<void> {
    state.parked = reason;
    this.reject(fact, reason);
  }

  private reject(fact: ReadFact, reason: string): void {
    const { source, host } = fact.subject;
    this.quarantine(
      { message: fact.message, file: fact.file, source, host, path: fact.attributes.path },
      0,
      reason,
    );
  }

  private quarantine(
    at: { message: FactMessage; file: string; source: string; host: string; path: string },
    line: number,
    reason: string,
    text = '',
  ): void {
    const { file, source, host, path } = at;
    this.quarantined.push({
      sequence: at.message.sequence,
      line,
      file,
      source,
      host,
      path,
      reason,
      excerpt: text.slice(0, 300),
    });
  }
}

/** The path may tell whose file it is, also where nothing in it can be read. */
function notePath(state: FileState, decoder: SourceDecoder | undefined): void {
  const told = decoder?.sessionOf?.(state);
  if (told !== undefined) noteSession(state, told);
}

function reasonOf(outcome: LineOutcome): string | undefined {
  return outcome.ok ? undefined : outcome.reason;
}

/** A new generation may have come to another path. */
function contextOf({ subject, attributes }: ReadFact, state: FileState, fact: FactKind): FileContext {
  const moved = attributes.generation !== state.generation;
  const { path, root } = moved ? attributes : state;
  return { source: subject.source, host: subject.host, path, root, fact };
}

function placeOf(message: FactMessage): FactMessage {
  const { subject, sequence, time, body } = message;
  return { subject, sequence, time, body, header: (name) => message.header(name) };
}
