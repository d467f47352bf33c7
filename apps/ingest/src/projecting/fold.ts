import { factKindOf } from '@telltale/contracts';
import { decoderOf, type FileContext, type Observation } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { applyDeletion } from './deletion-command';
import { linesOf } from './file-lines';
import { noteSession, type FileState } from './file-state';
import { Folding, type Folded } from './folding';
import { maySpeakOf, takesPushedId } from './pushed-names';
import {
  contextOf,
  newFileState,
  readFact,
  startGeneration,
  wholeLine,
  type ReadFact,
  type Reading,
} from './read-fact';

export type { Folded } from './folding';

export interface FoldSources {
  /** The stored states of files, by file. */
  fileStates(files: readonly string[]): Promise<ReadonlyMap<string, FileState>>;
  /** The parts of a long line, in order. */
  parts(line: { subject: string; firstSequence: number; count: number }): Promise<readonly Uint8Array[]>;
  /** Why the bytes that an `attachment.added` fact tells of cannot be shown; undefined where they can. */
  attachmentProblem(fact: { host: string; body: Uint8Array }): Promise<string | undefined>;
}

/** Folds consecutive facts of one partition. Throws only where `sources` does. */
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
    const reading = { decoder, context: contextOf(fact, state, kind) };
    if (kind === 'file.removed' || kind === 'file.renamed') return this.removed(fact, state, reading);
    return this.told(fact, state, reading);
  }

  private deleted(fact: ReadFact, state: FileState): void {
    const command = applyDeletion(fact, state);
    if (command === 'unreadable') this.reject(fact, 'this names no session to delete');
    else if (command !== undefined) this.folding.draft.delete(command.session, command.source);
  }

  /** Lines, of whatever kind of fact. */
  private async told(fact: ReadFact, state: FileState, reading: Reading): Promise<void> {
    const { attributes, message } = fact;
    if (attributes.generation !== state.generation) startGeneration(fact, state, reading);
    state.removed = false;
    this.folding.noteTimes(fact);
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

  private async part(fact: ReadFact, state: FileState, reading: Reading): Promise<void> {
    const { attributes, message } = fact;
    const { k, n } = attributes.part ?? { k: 1, n: 1 };
    if (k === 1) state.partSequence = message.sequence;
    if (attributes.to <= state.offset) return;
    if (k < n) return;
    const firstSequence = state.partSequence;
    state.partSequence = null;
    state.offset = attributes.to;
    if (firstSequence === null) return this.reject(fact, 'the first part of this line is missing in the log');
    const parts = await this.sources.parts({ subject: message.subject, firstSequence, count: n });
    await this.lines(wholeLine(fact, parts, firstSequence), state, { ...reading, skip: 0 });
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
      const reason = isForeign ? takesPushedId : outcome.ok ? undefined : outcome.reason;
      if (reason === undefined) continue;
      this.folding.quarantine(fact, { path: context.path, reason, line: { n: line, text } });
    }
    await this.folding.collect(fact, state, sink);
    const { path } = state;
    const role = decoder.roleOf(context);
    for (const sessionId of activeIn(sink)) {
      state.sessionId = sessionId;
      this.folding.addFile(sessionId, fact, { path, role, removed: false });
    }
  }

  private removed(fact: ReadFact, state: FileState, { decoder, context }: Reading): void {
    const { attributes, message, subject } = fact;
    const sink: Observation[] = [];
    const place = { sequence: message.sequence, line: 0, offset: attributes.to };
    if (!state.removed)
      decoder.fileRemoved?.(state.state, context, { at: attributes.seen ?? message.time, place }, sink);
    for (const observation of sink)
      if (maySpeakOf(subject.source, observation))
        this.folding.draft.add(observation, subject.source, message.time);
    state.removed = true;
    state.partSequence = null;
    if (state.sessionId === null) return;
    const role = decoder.roleOf(context);
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
