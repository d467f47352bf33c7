import { factKindOf, type FactSubject } from '@telltale/contracts';
import { decoderOf, FileReader, joinedFact, type FileFact, type Observation } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { applyDeletion } from './deletion-command';
import { noteSession, type FileState } from './file-state';
import { Folding, type Folded } from './folding';
import { fileFactOf, newFileState, noteGeneration, readFact, standingAt, type ReadFact } from './read-fact';

export type { Folded } from './folding';

export interface FoldSources {
  /** The stored states of files, by file. */
  fileStates(files: readonly string[]): Promise<ReadonlyMap<string, FileState>>;
  /** The parts of a long line, in order. */
  parts(line: { subject: string; firstSequence: number; count: number }): Promise<readonly Uint8Array[]>;
  /** Why the bytes that an `attachment.added` fact tells of cannot be shown; undefined where they can. */
  attachmentProblem(fact: { host: string; body: Uint8Array }): Promise<string | undefined>;
}

/** Folds facts of one or several partitions, in the log's order. Throws only where `sources` does. */
export async function fold(messages: readonly FactMessage[], sources: FoldSources): Promise<Folded> {
  const folding = new Folding();
  const facts: ReadFact[] = [];
  for (const message of messages) {
    folding.bytes += message.body.length;
    const fact = readFact(message);
    if ('reason' in fact) folding.quarantined.push(fact);
    else facts.push(fact);
  }
  for (const [file, state] of await sources.fileStates([...new Set(facts.map(({ file }) => file))]))
    folding.files.set(file, structuredClone(state));
  const folder = new Folder(sources, folding);
  for (const fact of facts) await folder.apply(fact);
  return folding;
}

/** A fact of a file, and how far that is read. */
interface OpenFile {
  readonly fact: FileFact;
  readonly state: FileState;
  readonly reader: FileReader;
}

class Folder {
  constructor(
    private readonly sources: FoldSources,
    private readonly folding: Folding,
  ) {}

  async apply(fact: ReadFact): Promise<void> {
    const { source } = fact.subject;
    const decoder = decoderOf(source);
    const state = this.folding.files.get(fact.file) ?? newFileState(fact, decoder);
    this.folding.files.set(fact.file, state);
    if (fact.message.sequence <= state.lastSequence) return;
    state.lastSequence = fact.message.sequence;
    const kind = factKindOf(fact.attributes.type);
    if (kind === 'session.deleted') return this.deleted(fact, state);
    // What comes meanwhile is read from the log once the file can be.
    if (state.parked !== null) return;
    if (decoder === undefined) return this.park(fact, state, `no decoder for source ${source}`);
    if (kind === undefined) return this.park(fact, state, `unknown fact ${fact.attributes.type}`);
    const file: OpenFile = {
      fact: fileFactOf(fact, kind),
      state,
      reader: new FileReader(decoder, fact.subject, state),
    };
    if (kind === 'file.removed' || kind === 'file.renamed') return this.removed(fact, file);
    return this.told(fact, file);
  }

  private deleted(fact: ReadFact, state: FileState): void {
    const command = applyDeletion(fact, state);
    if (command === 'unreadable') this.reject(fact, 'this names no session to delete');
    else if (command !== undefined) this.folding.draft.delete(command.session, command.source);
  }

  /** Lines, of whatever kind of fact. */
  private async told(fact: ReadFact, file: OpenFile): Promise<void> {
    const { reader, state } = file;
    const problem = await this.problemOf(file.fact, fact.subject);
    const isNew = reader.isOfAnother(fact.attributes);
    const brought = reader.begin(file.fact);
    if (isNew) noteGeneration(state, reader.decoder);
    if (problem !== undefined) return this.reject(fact, problem);
    switch (brought.kind) {
      case 'lines':
        return this.lines(fact, file, brought.skip);
      case 'long-line':
        return this.longLine(fact, file, brought);
      case 'no-first-part':
        return this.reject(fact, 'the first part of this line is missing in the log');
      case 'nothing':
        return;
    }
  }

  private async problemOf(
    { kind, attributes, body }: FileFact,
    { host }: FactSubject,
  ): Promise<string | undefined> {
    if (kind !== 'attachment.added') return undefined;
    // What proves it reads one fact.
    if (attributes.part !== undefined) return 'a fact that tells of an attachment has no parts';
    return this.sources.attachmentProblem({ host, body });
  }

  private async longLine(
    fact: ReadFact,
    file: OpenFile,
    { firstSequence, count }: { firstSequence: number; count: number },
  ): Promise<void> {
    const { subject } = fact.message;
    const parts = await this.sources.parts({ subject, firstSequence, count });
    const whole = joinedFact(file.fact, parts, firstSequence);
    await this.lines(standingAt(fact, firstSequence), { ...file, fact: whole }, 0);
  }

  private async lines(
    fact: ReadFact,
    { fact: logged, state, reader }: OpenFile,
    skip: number,
  ): Promise<void> {
    const sink: Observation[] = [];
    const context = reader.contextOf(logged);
    const { path } = context;
    for (const { text, place, said, problem } of reader.lines(logged, skip)) {
      for (const named of reader.decoder.sessionsNamed?.(text, context) ?? []) noteSession(state, named);
      for (const one of said) sink.push(one);
      if (problem === undefined) continue;
      this.folding.quarantine(fact, { path, reason: problem, line: { n: place.line, text } });
    }
    await this.folding.collect(fact, state, sink);
    const role = reader.decoder.roleOf(context);
    for (const sessionId of activeIn(sink)) {
      state.sessionId = sessionId;
      this.folding.addFile(sessionId, fact, { path, role, removed: false });
    }
  }

  private removed(fact: ReadFact, { fact: logged, state, reader }: OpenFile): void {
    const { message, subject } = fact;
    for (const observation of reader.remove(logged).said)
      this.folding.draft.add(observation, subject.source, message.time);
    if (state.sessionId === null) return;
    const role = reader.decoder.roleOf(reader.contextOf(logged));
    this.folding.addFile(state.sessionId, fact, { path: state.path, role, removed: true });
  }

  private park(fact: ReadFact, state: FileState, reason: string): void {
    state.parked = reason;
    this.reject(fact, reason);
  }

  private reject(fact: ReadFact, reason: string): void {
    this.folding.quarantine(fact, { path: fact.attributes.path, reason });
  }
}

/** Sessions that something happened in. */
function activeIn(sink: readonly Observation[]): Set<string> {
  const sessions = new Set<string>();
  for (const { type, sessionId } of sink) if (type === 'activity') sessions.add(sessionId);
  return sessions;
}
