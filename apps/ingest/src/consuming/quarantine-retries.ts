import type { Logger } from '@telltale/platform';
import type { DataSource } from 'typeorm';
import { FileStateEntity } from '../database/entities/file-state.entity';
import { QuarantinedRecordEntity } from '../database/entities/quarantined-record.entity';
import type { Partitions } from './partitions';

const lookEveryMs = 5_000;

/**
 * Files whose quarantined records are to be read again. That they are stands in their rows: whoever holds their
 * partitions folds them again, whatever is stopped or lost meanwhile.
 */
export class QuarantineRetries {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly partitions: Pick<Partitions, 'takeUpAgain'>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), lookEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Notes the file, or all that have records in quarantine. @returns how many files that are */
  async note(file?: string): Promise<number> {
    const quarantined = this.database
      .createQueryBuilder(QuarantinedRecordEntity, 'record')
      .select('record.file')
      .where(file === undefined ? 'true' : 'record.file = :file', { file });
    const { affected } = await this.database
      .createQueryBuilder()
      .update(FileStateEntity)
      .set({ retry: true })
      .where(`file in (${quarantined.getQuery()})`, quarantined.getParameters())
      .execute();
    this.look();
    return affected ?? 0;
  }

  /** Takes up again what this replica holds of them. Behind the call: folding files again takes its time. */
  private look(): void {
    this.looking ??= this.takeUp()
      .catch((error: unknown) => {
        this.logger.warn('quarantined records could not be tried again now', {
          problem: error instanceof Error ? error.message : String(error),
        });
      })
      .finally(() => (this.looking = undefined));
  }

  private async takeUp(): Promise<void> {
    const rows = await this.database
      .createQueryBuilder(FileStateEntity, 'state')
      .select('distinct state.partition', 'partition')
      .where('state.retry')
      .getRawMany<{ partition: number }>();
    if (rows.length > 0) await this.partitions.takeUpAgain(rows.map(({ partition }) => partition));
  }
}
