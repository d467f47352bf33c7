import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix } from '@telltale/contracts';
import { BatchDraft } from '@telltale/domain';
import type { FactMessage, Logger } from '@telltale/platform';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { FileStateEntity } from '../database/entities/file-state.entity';
import { QuarantinedRecordEntity } from '../database/entities/quarantined-record.entity';
import { FileStore } from '../projecting/file-store';
import { fold, type Folded, type FoldSources } from '../projecting/fold';
import { noFacts } from '../projecting/folding';
import type { FileState } from '../projecting/file-state';
import type { LivePublisher } from '../projecting/live-publisher';
import { commit, type Committed } from '../projecting/projector';
import { attachmentProblem } from '../projecting/screenshots-proof';
import { commitIsolated, type Commits } from './isolate';
import { leaseMs, type HeldPartition } from './leases';
import { readParts } from './long-lines';
import { historyOf, staleFiles, unread, type StaleFile } from './refold';
import type { Statistics } from './statistics';
import { isUnstorable } from './unstorable';

export interface HandlerConnections {
  /** For what is written with each commit. */
  readonly pool: Pool;
  /** For all else. */
  readonly database: DataSource;
  readonly nats: NatsConnection;
  readonly live: LivePublisher;
  readonly statistics: Statistics;
  /** A session was deleted, or a file of a deleted one told of it: there is something to remove. */
  readonly onDeleted: () => void;
  readonly logger: Logger;
}

type Checkpoint = Pick<HeldPartition, 'sequence' | 'factId'>;

/** Takes consecutive facts of one partition to committed rows and emitted deltas. */
export class FactsHandler {
  private readonly files: FileStore;

  constructor(private readonly connections: HandlerConnections) {
    this.files = new FileStore(connections.pool);
  }

  /** @throws when the batch was not committed: the partition must be taken up again from its checkpoint */
  async handle(batch: readonly FactMessage[], held: HeldPartition): Promise<void> {
    await this.project(batch, held);
  }

  forget(partition: number): void {
    this.files.forget(partition);
  }

  /**
   * Folds files again from the log whose decoder has changed since, or that waited for it. What they said before is
   * said again, which changes nothing; only at the end does a file count as read by this version, so that a stop in
   * between starts it over.
   *
   * @throws when the lease was lost, or a server is away
   */
  async refold(held: HeldPartition, stopped = new AbortController().signal): Promise<void> {
    const { database } = this.connections;
    for (const stale of await staleFiles(database, held)) {
      if (stopped.aborted) return;
      await database.getRepository(QuarantinedRecordEntity).delete({ file: stale.file });
      const known = (await this.files.read([stale.file])).get(stale.file);
      if (known !== undefined) await this.refoldFile(held, stale, { state: unread(known), stopped });
      if (!stopped.aborted)
        await database.getRepository(FileStateEntity).update(stale.file, { retry: false });
      this.files.forget(held.partition);
    }
  }

  private async refoldFile(
    held: HeldPartition,
    stale: StaleFile,
    reading: { state: FileState; readonly stopped: AbortSignal },
  ): Promise<void> {
    const { nats, logger } = this.connections;
    logger.info('folding a file again from the log', { file: stale.file });
    const sources = {
      ...this.sources(),
      fileStates: async () => new Map([[stale.file, reading.state]]),
    };
    const commits: Commits = {
      ...this.attempts(held),
      sources,
      commit: async (facts, folded) => {
        await this.commitAt(held, { ...folded, files: new Map() }, facts.length);
        reading.state = folded.files.get(stale.file) ?? reading.state;
      },
    };
    for await (const chunk of historyOf(nats, stale)) {
      if (reading.stopped.aborted) return;
      await this.commitAll(chunk, commits);
    }
    const read = { ...reading.state, decoderVersion: stale.currentVersion };
    const files = new Map([[stale.file, read]]);
    await this.commitAt(held, { ...noFacts, draft: new BatchDraft(), files }, 0);
  }

  private project(batch: readonly FactMessage[], held: HeldPartition): Promise<void> {
    return this.commitAll(batch, {
      ...this.attempts(held),
      sources: this.sources(),
      commit: (facts, folded) => this.commit(facts, held, folded),
    });
  }

  /** One bad record must not hold up its neighbours: fact by fact then, without the lines at fault. */
  private async commitAll(facts: readonly FactMessage[], commits: Commits): Promise<void> {
    try {
      await commits.commit(facts, await fold(facts, commits.sources));
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      this.connections.logger.warn('facts could not be stored: looking for the record at fault', {
        first: facts[0]?.subject,
        problem: error.message,
      });
      for (const fact of facts) await commitIsolated(fact, commits);
    }
  }

  private attempts(held: HeldPartition): Pick<Commits, 'attempt'> {
    return { attempt: (folded) => this.commitAt(held, folded, 0) };
  }

  private sources(): FoldSources {
    return {
      fileStates: (files) => this.files.read(files),
      parts: (line) => readParts(this.connections.nats, line),
      attachmentProblem: (fact) => attachmentProblem(this.connections.nats, fact),
    };
  }

  private async commit(batch: readonly FactMessage[], held: HeldPartition, folded: Folded): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    const to = { sequence: last.sequence, factId: last.header(`${factHeaderPrefix}id`) ?? '' };
    await this.commitAt(held, folded, batch.length, to);
    held.sequence = to.sequence;
    held.factId = to.factId;
    this.files.keep(folded.files);
  }

  /** Commits under the lease and emits; the checkpoint moves to `to`, or stays where it is. */
  private async commitAt(
    held: HeldPartition,
    folded: Folded,
    facts: number,
    to: Checkpoint = held,
  ): Promise<void> {
    const { earlier, ...rest } = folded;
    for (const draft of earlier) await this.commitDraft(held, { ...noFacts, draft }, 0, held);
    await this.commitDraft(held, { ...rest, earlier: [] }, facts, to);
  }

  private async commitDraft(
    held: HeldPartition,
    folded: Folded,
    facts: number,
    to: Checkpoint,
  ): Promise<void> {
    const committed = await commit(this.connections.pool, folded, {
      partition: held.partition,
      epoch: held.epoch,
      fromSequence: held.sequence,
      toSequence: to.sequence,
      toFact: to.factId,
      leaseMs,
    });
    if (concernsDeleted(folded, committed)) this.connections.onDeleted();
    const { seen, logged } = folded;
    const emitted = await this.connections.live.emit(committed, { seen, logged });
    const times = { committed: committed.committedAt, emitted: emitted.at, deltas: emitted.deltas };
    this.connections.statistics.batch(facts, folded, times);
  }
}

/** A list may name a deleted session and say nothing of it: what was entombed once is looked at whenever it is written. */
function concernsDeleted({ files }: Folded, { changes }: Committed): boolean {
  if (changes.gone.length > 0) return true;
  for (const { tombstone, lastSequence, sessions } of files.values())
    if (tombstone !== null && (tombstone === lastSequence || sessions.length > 0)) return true;
  return false;
}
