import {
  parseFactHeaders,
  parseFactSubject,
  subjectToken,
  type FactAttributes,
  type FactSubject,
} from '@telltale/contracts';
import { BatchDraft, type LineDecoder, type Observation } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { decoderFor } from './decoders';
import { linesOf } from './file-lines';
import type { FileState, QuarantinedRecord } from './file-state';
import { roleOf } from './file-role';

/** What a batch of facts comes to: a draft for the projection, the files' new states, and what could not be read. */
export interface Folded {
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
}

interface ReadFact {
  readonly message: FactMessage;
  readonly subject: FactSubject;
  readonly attributes: FactAttributes;
  readonly file: string;
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
  private readonly draft = new BatchDraft();
  private readonly files = new Map<string, FileState>();
  private readonly quarantined: QuarantinedRecord[] = [];
  private bytes = 0;
  private seen: number | null = null;
  private logged: number | null = null;

  constructor(private readonly sources: FoldSources) {}

  result(): Folded {
    const { draft, files, quarantined, bytes, seen, logged } = this;
    return { draft, files, quarantined, bytes, seen, logged };
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
    const decoder = decoderFor(fact.subject.source);
    const state = this.stateOf(fact, decoder);
    if (fact.message.sequence <= state.lastSequence) return;
    state.lastSequence = fact.message.sequence;
    // What comes meanwhile is read from the log once the file can be.
    if (state.parked !== null) return;
    if (decoder === undefined) return this.park(fact, state, `no decoder for source ${fact.subject.source}`);
    switch (fact.attributes.type) {
      case 'telltale.file.appended.v1':
        return this.appended(fact, state, decoder);
      case 'telltale.file.removed.v1':
      case 'telltale.file.renamed.v1':
        return this.removed(fact, state);
      default:
        return this.park(fact, state, `unknown fact ${fact.attributes.type}`);
    }
  }

  private stateOf(fact: ReadFact, decoder: LineDecoder | undefined): FileState {
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
      partSequence: null,
      lastSequence: 0,
      removed: false,
      parked: null,
    };
    this.files.set(fact.file, state);
    return state;
  }

  private async appended(fact: ReadFact, state: FileState, decoder: LineDecoder): Promise<void> {
    const { attributes, message } = fact;
    if (attributes.generation !== state.generation) this.startGeneration(fact, state, decoder);
    state.removed = false;
    this.noteTimes(attributes, message);
    if (attributes.part !== undefined) return this.part(fact, state, decoder);
    // Byte ranges only save work: what was read of this generation is not read again.
    const skip = Math.max(0, state.offset - attributes.from);
    if (skip < message.body.length) this.lines(fact, state, { decoder, skip });
    state.offset = Math.max(state.offset, attributes.to);
    state.partSequence = null;
  }

  private startGeneration(fact: ReadFact, state: FileState, decoder: LineDecoder): void {
    const { attributes, subject } = fact;
    state.generation = attributes.generation;
    state.path = attributes.path;
    state.root = attributes.root;
    state.offset = 0;
    state.partSequence = null;
    state.decoderVersion = decoder.version;
    state.state = decoder.initialState({
      source: subject.source,
      host: subject.host,
      path: attributes.path,
      root: attributes.root,
    });
  }

  private noteTimes(attributes: FactAttributes, message: FactMessage): void {
    if (attributes.seen === undefined || this.seen !== null) return;
    this.seen = attributes.seen;
    this.logged = message.time;
  }

  private async part(fact: ReadFact, state: FileState, decoder: LineDecoder): Promise<void> {
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
    this.lines(whole, state, { decoder, skip: 0 });
  }

  private lines(
    fact: ReadFact,
    state: FileState,
    { decoder, skip }: { decoder: LineDecoder; skip: number },
  ): void {
    const { message, attributes, subject } = fact;
    const context = { source: subject.source, host: subject.host, path: state.path, root: state.root };
    const sink: Observation[] = [];
    for (const { text, line, offset } of linesOf(message.body, skip)) {
      const place = { sequence: message.sequence, line, offset: attributes.from + offset };
      const outcome = decoder.decodeLine(state.state, text, context, place, sink);
      if (!outcome.ok) this.quarantine({ message, ...context, file: fact.file }, line, outcome.reason, text);
    }
    this.collect(fact, state, sink);
  }

  private collect(fact: ReadFact, state: FileState, sink: readonly Observation[]): void {
    const { message, subject } = fact;
    const told = new Set<string>();
    for (const observation of sink) {
      this.draft.add(observation, subject.source, message.time);
      if (observation.type === 'activity') told.add(observation.sessionId);
    }
    for (const sessionId of told) {
      state.sessionId = sessionId;
      this.draft.addFile(sessionId, subject.source, {
        host: subject.host,
        path: state.path,
        role: roleOf(subject.source, state.root, state.path),
        removed: false,
      });
    }
  }

  private async removed(fact: ReadFact, state: FileState): Promise<void> {
    state.removed = true;
    state.partSequence = null;
    if (state.sessionId === null) return;
    const { source, host } = fact.subject;
    const role = roleOf(source, state.root, state.path);
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

function placeOf(message: FactMessage): FactMessage {
  return {
    subject: message.subject,
    sequence: message.sequence,
    time: message.time,
    body: message.body,
    header: (name) => message.header(name),
  };
}
