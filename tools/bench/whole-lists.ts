import { withConnection } from '@telltale/platform';
import type pg from 'pg';
import { percentiles, type Percentiles } from './percentiles';
import type { Ask } from './not-modified';

export interface WholeListResult {
  readonly what: string;
  readonly bytes: number;
  /** The first answer, milliseconds: all is read. */
  readonly first: number;
  /** Each behind a change of one session. */
  readonly changed: Percentiles;
}

const rounds = 20;

/** Lists of all sessions in one answer, as earlier systems' pages poll them: first, and while one session after the other changes. */
export async function measureWholeLists(databaseUrl: string, ask: Ask): Promise<WholeListResult[]> {
  const measured = async (client: pg.Client) => {
    const results: WholeListResult[] = [];
    for (const what of ['/api/admin/sessions', '/api/claude-sessions/all']) {
      const { bytes, ms: first } = await timed(ask, what);
      const times: number[] = [];
      for (let n = 1; n <= rounds; n++) {
        await client.query(
          `update session set messages = messages + 1, revision = revision + 1 where id = $1`,
          [`s${n * 37}`],
        );
        await client.query('update fleet set revision = revision + 1');
        times.push((await timed(ask, what)).ms);
      }
      results.push({ what, bytes, first, changed: percentiles(times) });
    }
    return results;
  };
  return withConnection(databaseUrl, measured, '-c search_path=read_model');
}

async function timed(ask: Ask, path: string): Promise<{ bytes: number; ms: number }> {
  const start = performance.now();
  const response = await ask(path);
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return { bytes: byteLength, ms: performance.now() - start };
}
