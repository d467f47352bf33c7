import { BatchDraft, type Observation } from '@telltale/domain';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { noteSession, type FileState, type QuarantinedRecord } from './file-state';
import type { ReadFact } from './read-fact';

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
  /** Of each session that live bytes told of, when the oldest of them were seen and logged; the oldest first. */
  readonly times: ReadonlyMap<string, SeenAt>;
}

/** Epoch ms. */
export interface SeenAt {
  readonly seen: number;
  readonly logged: number;
}

/** Beside a draft that no fact was read for. */
export const noFacts: Omit<Folded, 'draft'> = {
  earlier: [],
  files: new Map(),
  quarantined: [],
  bytes: 0,
  times: new Map(),
};

/** Observations that one transaction takes: it must not stand idle for a second between reading and writing. */
const mostInDraft = 10_000;

/** Facts as they are folded, one after the other. */
export class Folding implements Folded {
  readonly earlier: BatchDraft[] = [];
  draft = new BatchDraft();
  readonly files = new Map<string, FileState>();
  readonly quarantined: QuarantinedRecord[] = [];
  bytes = 0;
  readonly times = new Map<string, SeenAt>();

  /** What a fact's lines say of sessions. */
  async collect(
    { message, subject, attributes }: ReadFact,
    state: FileState,
    sink: readonly Observation[],
  ): Promise<void> {
    const { seen } = attributes;
    for (const observation of sink) {
      const { sessionId } = observation;
      noteSession(state, sessionId);
      if (seen !== undefined && !this.times.has(sessionId))
        this.times.set(sessionId, { seen, logged: message.time });
      if (this.draft.size >= mostInDraft) await this.beginDraft();
      this.draft.add(observation, subject.source, message.time);
    }
  }

  /** Which file told of a session. */
  addFile(
    sessionId: string,
    { subject }: ReadFact,
    file: { path: string; role: string; removed: boolean },
  ): void {
    if (file.role !== '') this.draft.addFile(sessionId, subject.source, { host: subject.host, ...file });
  }

  /** A record, or the whole fact where no line is named. */
  quarantine(
    { message, file, subject }: ReadFact,
    at: { path: string; reason: string; line?: BadLine },
  ): void {
    const { source, host } = subject;
    const { n, text } = at.line ?? { n: 0, text: '' };
    const { path, reason } = at;
    const { sequence } = message;
    const excerpt = text.slice(0, 300);
    this.quarantined.push({ sequence, line: n, file, source, host, path, reason, excerpt });
  }

  /** Leases want to be renewed meanwhile. */
  private async beginDraft(): Promise<void> {
    this.earlier.push(this.draft);
    this.draft = new BatchDraft();
    await nextTurn();
  }
}

interface BadLine {
  /** Its number in the fact's body. */
  readonly n: number;
  readonly text: string;
}
