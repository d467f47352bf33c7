import type { Logger } from '@telltale/platform';
import { eraseFile } from './erase-file';
import type { Stores } from './erase-picture';
import { filesToEntomb, filesToErase, noteErased, type ToldFile } from './pending-files';
import { entomb } from './tombstones';

const lookEveryMs = 5_000;
/** There may be more to do already. */
const lookAgainMs = 50;
/** Another has to do its part first: the partition that is to meet a tombstone. */
const waitMs = 1_000;
/** Files that are worked on at once. */
const atOnce = 8;

/**
 * Removes from the log what told of deleted sessions. Which files those are stands in the read model: a file of a deleted
 * session gets a tombstone on top; once its partition has read that, what lies before it is erased. Every replica looks,
 * whatever partitions it holds: each step may be done twice, and is done again after a stop.
 */
export class Deletions {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private poked = false;
  private readonly stopping = new AbortController();
  private lastProblem = '';

  constructor(
    private readonly stores: Stores,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** A session was deleted, or a file of a deleted one told of it. */
  poke(): void {
    this.poked = true;
    if (this.running === undefined) this.schedule(0);
  }

  private schedule(ms: number): void {
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.look()
        .catch((error: unknown) => {
          this.complain(error);
          return lookEveryMs;
        })
        .then((next) => {
          this.running = undefined;
          this.schedule(this.poked ? Math.min(next, lookAgainMs) : next);
        });
    }, ms);
  }

  /** @returns milliseconds until there may be more to do */
  private async look(): Promise<number> {
    this.poked = false;
    const { pool } = this.stores;
    const entombed = await this.each(await filesToEntomb(pool), (file) =>
      entomb(this.stores, file, Date.now()),
    );
    const erased = await this.each(await filesToErase(pool), (file) => this.erase(file));
    if (entombed.files + erased.files === 0) return lookEveryMs;
    return entombed.steps + erased.steps > 0 ? lookAgainMs : waitMs;
  }

  private async each(
    files: readonly ToldFile[],
    step: (file: ToldFile) => Promise<boolean>,
  ): Promise<{ readonly files: number; readonly steps: number }> {
    const rest = files.values();
    let steps = 0;
    const work = async () => {
      for (const file of rest) {
        if (this.stopping.signal.aborted) return;
        if (await this.tried(file, step)) steps += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work));
    return { files: files.length, steps };
  }

  /** One file that cannot be dealt with keeps no other waiting. */
  private async tried(file: ToldFile, step: (file: ToldFile) => Promise<boolean>): Promise<boolean> {
    try {
      return await step(file);
    } catch (error) {
      this.complain(error, file.file);
      return false;
    }
  }

  /** A server is away, or our rights do not suffice: what is to be done stands in the read model. */
  private complain(error: unknown, file?: string): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.lastProblem || this.stopping.signal.aborted) return;
    this.lastProblem = problem;
    this.logger.warn('deleted sessions could not be removed from the log now', { problem, file });
  }

  private async erase(file: ToldFile): Promise<boolean> {
    const kept = await eraseFile(this.stores, file, this.stopping.signal);
    await noteErased(this.stores.pool, file);
    this.lastProblem = '';
    const { host, source, deleted } = file;
    this.logger.info('facts of deleted sessions were erased', { sessions: deleted, file: file.file });
    if (kept > 0)
      this.logger.warn('facts that tell of a deleted session and of others stay in the log', {
        facts: kept,
        host,
        source,
        file: file.file,
      });
    return true;
  }
}
