import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import {
  deletedPathPrefix,
  pushIdPrefix,
  sourceSchema,
  type SessionDeletedLine,
  type Source,
} from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { LOGGER, READ_MODEL } from '../connections';
import { AlertEntity } from '../database/alert.entity';
import { PushLog } from '../push/push-log';
import { isSession } from '../sessions/list-filters';
import { noSuchSession } from '../sessions/session-detail';
import { DeletedSessions } from './deleted-sessions';

/** Deletes sessions for good: by a fact, which ingest and every later read model know for ever. */
@Injectable()
export class Deletions implements OnModuleInit {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    @InjectDataSource() private readonly control: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly log: PushLog,
    private readonly deleted: DeletedSessions,
  ) {}

  onModuleInit(): void {
    this.deleted.hear((sessionId) => {
      if (sessionId !== undefined)
        void this.forgetAlerts(sessionId).catch((error: unknown) => this.complain(error));
    });
  }

  /**
   * Resolves once the command is in the log: whatever stops then, the session will be gone.
   *
   * @throws ProblemException 404 where no such session is shown, 503 where the log does not answer
   */
  async delete(id: string): Promise<void> {
    const source = await this.sourceOf(id);
    if (source === undefined) throw noSuchSession(id);
    await this.forgetAlerts(id);
    await this.log.appendTo(id.startsWith(pushIdPrefix) ? id : deletedPathPrefix + id, {
      type: 'telltale.session.deleted.v1',
      lines: (at): readonly SessionDeletedLine[] => [{ kind: 'deleted', session: id, source, at }],
    });
  }

  private async sourceOf(id: string): Promise<Source | undefined> {
    const { rows } = await this.readModel.query<{ source: string }>(
      `select s.source from session s where s.id = $1 and ${isSession}`,
      [id],
    );
    return rows[0] && sourceSchema.parse(rows[0].source);
  }

  /** What was said of its money names it. Again once it is gone: one may have been raised meanwhile. */
  private async forgetAlerts(sessionId: string): Promise<void> {
    await this.control.getRepository(AlertEntity).delete({ sessionId });
  }

  private complain(error: unknown): void {
    this.logger.warn('alerts of a deleted session could not be removed', { error });
  }
}
