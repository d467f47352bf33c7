import { headers } from '@nats-io/transport-node';
import { liveFleetSubject, type Delta } from '@telltale/contracts';
import type { Connections } from '../../connections';
import { putSession, stats } from '../../testing/rows';

export interface Spent {
  /** When it was used; default now. */
  readonly at?: number;
  readonly project?: string | null;
  /** The delta never comes. */
  readonly lost?: boolean;
  /** Nothing of it has a price. */
  readonly unpriced?: boolean;
}

const bucketMs = 15 * 60_000;

/** Sessions that cost something, as ingest tells of them: commit, then publish. */
export class SpendingFleet {
  private readonly revisions = new Map<string, number>();
  private readonly lastActivity = new Map<string, number>();

  constructor(private readonly connections: Connections) {}

  /** What the session has cost, in dollars, in the quarter of an hour of `at`. Gives the delta. */
  async spend(id: string, usd: number, spent: Spent = {}): Promise<Delta> {
    const { at = Date.now(), project = '/srv/api', lost = false, unpriced = false } = spent;
    const { readModel } = this.connections;
    await readModel.query(
      `insert into rollup (session_id, bucket, model, cost_pico, priced, unpriced) values ($1, $2, $6, $3, $4, $5)
       on conflict (session_id, bucket, model) do update set cost_pico = excluded.cost_pico`,
      [
        ...[id, new Date(at - (at % bucketMs)), unpriced ? '0' : String(BigInt(Math.round(usd * 1e12)))],
        ...(unpriced ? [0, 1, 'mystery'] : [1, 0, 'claude-opus-4-6']),
      ],
    );
    const { rows } = await readModel.query<{ pico: string; priced: string }>(
      'select sum(cost_pico)::text as pico, sum(priced)::text as priced from rollup where session_id = $1',
      [id],
    );
    const costPico = rows[0]?.priced === '0' ? null : (rows[0]?.pico ?? '0');
    const revision = (this.revisions.get(id) ?? 0) + 1;
    const last = Math.max(at, this.lastActivity.get(id) ?? 0);
    this.revisions.set(id, revision);
    this.lastActivity.set(id, last);
    const summary = {
      lastActivityAt: new Date(last).toISOString(),
      project: project === null ? null : { path: project, name: 'api' },
      stats: stats({
        costUsd: costPico === null ? null : Number(costPico) / 1e12,
        unpricedModels: unpriced ? ['mystery'] : [],
      }),
    };
    await putSession(readModel, { id, revision, ...summary });
    await readModel.query('update session set cost_pico = $2, project_path = $3 where id = $1', [
      id,
      costPico,
      project,
    ]);
    const delta = await this.delta(id, revision, summary);
    if (!lost) this.publish(delta);
    return delta;
  }

  publish(delta: Delta): void {
    const event = headers();
    event.set('ce-type', 'telltale.live.delta.v1');
    this.connections.nats.publish(liveFleetSubject, JSON.stringify(delta), { headers: event });
  }

  private async delta(id: string, revision: number, changes: NonNullable<Delta['changes']>): Promise<Delta> {
    const { rows } = await this.connections.readModel.query<{ generation: string; n: string }>(
      'select g.id as generation, f.revision::text as n from generation g, fleet f',
    );
    const { generation = '', n = '0' } = rows[0] ?? {};
    return {
      room: 'fleet',
      sessionId: id,
      from: `${generation}.${Number(n) - 1}`,
      to: `${generation}.${n}`,
      at: new Date().toISOString(),
      changes: { ...changes, revision: `${generation}.${revision}` },
    };
  }
}
