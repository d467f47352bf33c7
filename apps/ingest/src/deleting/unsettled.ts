import { sourceSchema } from '@telltale/contracts';
import { BatchDraft } from '@telltale/domain';
import type { Pool } from 'pg';

/**
 * A deleted session that still has claims which others share: who owns them is decided some at a time. As a batch that
 * says once more that it is deleted; undefined where nothing is left to settle.
 */
export async function unsettled(pool: Pool): Promise<BatchDraft | undefined> {
  const { rows } = await pool.query<{ id: string; source: string }>({
    name: 'unsettled',
    text: `select id, source from session s where deleted and (
        exists (select 1 from item where session_id = s.id) or exists (select 1 from usage where session_id = s.id))
      order by id limit 1`,
  });
  const [session] = rows;
  if (session === undefined) return undefined;
  const draft = new BatchDraft();
  draft.delete(session.id, sourceSchema.parse(session.source));
  return draft;
}
