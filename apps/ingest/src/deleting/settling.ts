import { partitionOf, sourceSchema } from '@telltale/contracts';
import { BatchDraft } from '@telltale/domain';
import type { Logger } from '@telltale/platform';
import type { Pool } from 'pg';
import { noFacts } from '../projecting/folding';
import type { LivePublisher } from '../projecting/live-publisher';
import { commit } from '../projecting/projector';
import { Looks, type Outcome } from './looks';

/**
 * Decides who owns what deleted sessions shared with others: in as many commits as it takes, beside those of the log's
 * facts. Any replica may: sessions' locks keep them in order, and what is settled already is not met again.
 */
export class Settling extends Looks {
  constructor(
    private readonly pool: Pool,
    private readonly live: LivePublisher,
    logger: Logger,
  ) {
    super(logger, 'who owns what deleted sessions shared could not be decided now');
  }

  protected override async look(): Promise<Outcome> {
    while (!this.stopping.signal.aborted) {
      const session = await unsettled(this.pool);
      if (session === undefined || !(await this.settleSome(session))) return 'done';
      this.succeeded();
    }
    return 'done';
  }

  /** Says once more that the session is deleted. @returns whether that settled anything */
  private async settleSome({ id, source }: Unsettled): Promise<boolean> {
    const draft = new BatchDraft();
    draft.delete(id, sourceSchema.parse(source));
    const committed = await commit(
      this.pool,
      { ...noFacts, draft },
      { partition: partitionOf(id), moves: [] },
    );
    await this.live.emit(committed);
    return committed.changes.removed.length > 0;
  }
}

interface Unsettled {
  readonly id: string;
  readonly source: string;
}

/** A deleted session that still has claims which others share; undefined where nothing is left to settle. */
async function unsettled(pool: Pool): Promise<Unsettled | undefined> {
  const { rows } = await pool.query<Unsettled>({
    name: 'unsettled',
    text: `select id, source from session s where deleted and (
        exists (select 1 from item where session_id = s.id) or exists (select 1 from usage where session_id = s.id))
      order by id limit 1`,
  });
  return rows[0];
}
