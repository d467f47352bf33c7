import { partitionOf } from '@telltale/contracts';
import { BatchDraft, claudeTranscript } from '@telltale/domain';
import { createPool } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { noFacts } from '../projecting/folding';
import { commit } from '../projecting/projector';
import { IngestStack } from '../testing/ingest-stack';
import { LogWriter } from '../testing/log-writer';
import { linesOf, mainPath, prompt, root } from '../testing/records';

const partition = partitionOf(claudeTranscript(root, mainPath('quick')).orderingKey);

/** As of who writes beside the log's facts: it holds no lease. */
function draftOf(sessionId: string): BatchDraft {
  const draft = new BatchDraft();
  const at = Date.UTC(2026, 5, 1);
  const of = { sessionId, at, place: { sequence: 1, line: 0, offset: 0 }, agentId: null };
  draft.add({ ...of, type: 'activity' }, 'claude-code', at);
  draft.add(
    { ...of, type: 'prompt', key: 'p:slow', preview: 'a zebra', truncated: false, images: 0 },
    'claude-code',
    at,
  );
  return draft;
}

it('what was queued early and committed late is found, too', async () => {
  const stack = await IngestStack.start();
  const pool = createPool({
    url: stack.databaseUrl,
    searchPath: 'read_model',
    applicationName: 'slow',
    max: 1,
  });
  try {
    await stack.startIngest();
    // Its row of the queue has its id, and waits for us before it is committed.
    await stack.pool.query(`
      create function wait_for_test() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(1); return null; end $$;
      create constraint trigger wait_for_test after insert on search_queue deferrable initially deferred
        for each row when (new.session_id = 'slow') execute function wait_for_test()`);
    const test = await stack.pool.connect();
    await test.query('select pg_advisory_lock(1)');
    const slow = commit(pool, { ...noFacts, draft: draftOf('slow') }, { partition, moves: [] });
    const waits = (kind: string) =>
      stack.pool
        .query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
             and (wait_event = 'advisory') = ($1 = 'advisory')`,
          [kind],
        )
        .then(({ rowCount }) => rowCount === 1);
    await eventually(async () => expect(await waits('advisory')).toBe(true));
    await new LogWriter(stack.nats).append(root, mainPath('quick'), linesOf(prompt('quick', 'p1', 1)));
    const found = async (word: string) => {
      const query = 'select 1 from search_document where tsv @@ $1::tsquery';
      return (await stack.pool.query(query, [word])).rowCount;
    };
    // It was read, or must wait.
    await eventually(async () => expect((await found('please')) === 1 || (await waits('row'))).toBe(true));
    await test.query('select pg_advisory_unlock(1)');
    test.release();
    await slow;
    await eventually(async () => expect(await found('please')).toBe(1));
    await eventually(async () => expect(await found('zebra')).toBe(1));
  } finally {
    await pool.end();
    await stack.stop();
  }
});
