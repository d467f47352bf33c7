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
import type { Unread } from '../searching/unread';
import { Gathering, type Outcomes } from './gathering';
import { commitIsolated, type Commits } from './isolate';
import { leaseMs, type HeldPartition } from './leases';
import { allParts } from './long-lines';
import { historyOf, staleFiles, unread, type StaleFile } from './refold';
import type { Statistics } from './statistics';
import { takesLong } from './takes-long';
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
  /** What commits queued for the search. */
  readonly unread: Unread;
  readonly logger: Logger;
}

/** Consecutive facts of one partition. */
interface Batch {
  readonly facts: readonly FactMessage[];
  readonly held: HeldPartition;
}

/** A partition's checkpoint moves on to a fact, or stays where it is. */
interface Move {
  readonly held: HeldPartition;
  readonly to: Pick<HeldPartition, 'sequence' | 'factId'>;
}

/**
 * Each commit costs more than a few lines do. So under load all partitions that have something to say are committed as
 * one; a second such group may be folded while one is being written.
 */
const groupsAtOnce = 2;

/** Takes consecutive facts of one partition to committed rows and emitted deltas. */
export class FactsHandler {
  private readonly files: FileStore;
  private underWay = 0;
  private readonly groups = new Gathering<Batch>(groupsAtOnce, (group) => this.together(group));

  constructor(private readonly connections: HandlerConnections) {
    this.files = new FileStore(connections.pool);
  }

  /** @throws when the batch was not committed: the partition must be taken up again from its checkpoint */
  async handle(facts: readonly FactMessage[], held: HeldPartition): Promise<void> {
    const batch = { facts, held };
    this.underWay += 1;
    try {
      await (takesLong(facts) ? this.alone(batch) : this.groups.run(batch));
    } finally {
      this.underWay -= 1;
    }
  }

  /** Whether facts are on their way to the screen. */
  get isBusy(): boolean {
    return this.underWay > 0;
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
    // Others may have read on since it was ours.
    this.files.forget(held.partition);
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
        await this.commitAt(staying(held), { ...folded, files: new Map() }, facts.length);
        reading.state = folded.files.get(stale.file) ?? reading.state;
      },
    };
    for await (const chunk of historyOf(nats, stale)) {
      if (reading.stopped.aborted) return;
      await this.commitAll(chunk, commits);
    }
    const read = { ...reading.state, decoderVersion: stale.currentVersion };
    const files = new Map([[stale.file, read]]);
    await this.commitAt(staying(held), { ...noFacts, draft: new BatchDraft(), files }, 0);
  }

  /** One transaction for all; where that fails, one for each, so that only those fail whose fault it is. */
  private async together(group: readonly Batch[]): Promise<Outcomes> {
    const whole = await Promise.allSettled([this.commitGroup(group)]);
    if (whole[0].status === 'fulfilled') return group.map(() => whole[0]);
    return Promise.allSettled(group.map((batch) => this.alone(batch)));
  }

  private async commitGroup(group: readonly Batch[]): Promise<void> {
    const facts = group.flatMap((batch) => batch.facts).sort((a, b) => a.sequence - b.sequence);
    await this.commit(group, await fold(facts, this.sources()));
  }

  private alone({ facts, held }: Batch): Promise<void> {
    return this.commitAll(facts, {
      ...this.attempts(held),
      sources: this.sources(),
      commit: (some, folded) => this.commit([{ facts: some, held }], folded),
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
    return { attempt: (folded) => this.commitAt(staying(held), folded, 0) };
  }

  private sources(): FoldSources {
    return {
      fileStates: (files) => this.files.read(files),
      parts: (line) => allParts(this.connections.nats, line),
      attachmentProblem: (fact) => attachmentProblem(this.connections.nats, fact),
    };
  }

  private async commit(batches: readonly Batch[], folded: Folded): Promise<void> {
    const moves = batches.flatMap(({ facts, held }): Move[] => {
      const last = facts.at(-1);
      if (last === undefined) return [];
      return [{ held, to: { sequence: last.sequence, factId: last.header(`${factHeaderPrefix}id`) ?? '' } }];
    });
    if (moves.length === 0) return;
    const facts = batches.reduce((sum, batch) => sum + batch.facts.length, 0);
    await this.commitAt(moves, folded, facts);
    for (const { held, to } of moves) Object.assign(held, to);
    this.files.keep(folded.files);
  }

  /** Commits under the leases and emits. */
  private async commitAt(moves: readonly Move[], folded: Folded, facts: number): Promise<void> {
    const { earlier, ...rest } = folded;
    const stay = moves.flatMap(({ held }) => staying(held));
    for (const draft of earlier) await this.commitDraft(stay, { ...noFacts, draft }, 0);
    await this.commitDraft(moves, { ...rest, earlier: [] }, facts);
  }

  private async commitDraft(moves: readonly Move[], folded: Folded, facts: number): Promise<void> {
    const { pool, live, statistics, onDeleted, unread } = this.connections;
    // The first of them whatever comes together: the search has fewer queues to look at.
    const partition = Math.min(...moves.map(({ held }) => held.partition));
    const committed = await commit(pool, folded, {
      partition,
      moves: moves.map(({ held, to }) => ({
        partition: held.partition,
        epoch: held.epoch,
        fromSequence: held.sequence,
        toSequence: to.sequence,
        toFact: to.factId,
        leaseMs,
      })),
    });
    unread.note(partition);
    if (concernsDeleted(folded, committed)) onDeleted();
    const emitted = await live.emit(committed, folded.times);
    const times = { committed: committed.committedAt, emitted: emitted.at, deltas: emitted.deltas };
    statistics.batch(facts, folded, times);
  }
}

function staying(held: HeldPartition): Move[] {
  return [{ held, to: held }];
}

/** A list may name a deleted session and say nothing of it: what was entombed once is looked at whenever it is written. */
function concernsDeleted({ files }: Folded, { changes }: Committed): boolean {
  if (changes.gone.length > 0) return true;
  for (const { tombstone, lastSequence, sessions } of files.values())
    if (tombstone !== null && (tombstone === lastSequence || sessions.length > 0)) return true;
  return false;
}
