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
  /** When the oldest live bytes of the batch were seen and logged, epoch ms. */
  readonly seen: number | null;
  readonly logged: number | null;
}

/** Beside a draft that no fact was read for. */
export const noFacts: Omit<Folded, 'draft'> = {
  earlier: [],
  files: new Map(),
  quarantined: [],
  bytes: 0,
  seen: null,
  logged: null,
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
  seen: number | null = null;
  logged: number | null = null;

  noteTimes({ attributes, message }: ReadFact): void {
    if (attributes.seen === undefined || this.seen !== null) return;
    this.seen = attributes.seen;
    this.logged = message.time;
  }

  /** What a fact's lines say of sessions. */
  async collect(
    { message, subject }: ReadFact,
    state: FileState,
    sink: readonly Observation[],
  ): Promise<void> {
    for (const observation of sink) {
      noteSession(state, observation.sessionId);
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
