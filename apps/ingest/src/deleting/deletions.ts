import type { Logger } from '@telltale/platform';
import { eraseFile } from './erase-file';
import type { Stores } from './erase-picture';
import { filesToEntomb, filesToErase, noteErased, type ToldFile } from './pending-files';
import { Looks, type Outcome } from './looks';
import { entomb } from './tombstones';

/** Files that are worked on at once. */
const atOnce = 8;

/**
 * Removes from the log what told of deleted sessions. Which files those are stands in the read model: a file of a deleted
 * session gets a tombstone on top; once its partition has read that, what lies before it is erased. Every replica looks,
 * whatever partitions it holds: each step may be done twice, and is done again after a stop.
 */
export class Deletions extends Looks {
  constructor(
    private readonly stores: Stores,
    logger: Logger,
  ) {
    super(logger, 'deleted sessions could not be removed from the log now');
  }

  protected override async look(): Promise<Outcome> {
    const { pool } = this.stores;
    const entombed = await this.each(await filesToEntomb(pool), (file) =>
      entomb(this.stores, file, Date.now()),
    );
    const erased = await this.each(await filesToErase(pool), (file) => this.erase(file));
    if (entombed.files + erased.files === 0) return 'done';
    // Else the partition that is to meet a tombstone has to do its part first.
    return entombed.steps + erased.steps > 0 ? 'more' : 'waits';
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
      this.complain(error, { file: file.file });
      return false;
    }
  }

  private async erase(file: ToldFile): Promise<boolean> {
    const { erased, kept, done } = await eraseFile(this.stores, file, this.stopping.signal);
    if (done) await noteErased(this.stores.pool, file);
    this.succeeded();
    const { host, source, deleted } = file;
    if (erased > 0)
      this.logger.info('facts of deleted sessions were erased', {
        facts: erased,
        sessions: deleted,
        file: file.file,
      });
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
