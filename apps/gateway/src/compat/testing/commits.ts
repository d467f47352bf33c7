import { liveFleetSubject, liveSessionSubject, type Delta, type SessionChanges } from '@telltale/contracts';
import { putSession, type SessionSeed } from '../../testing/rows';
import type { TestGateway } from '../../testing/test-gateway';

export interface Told {
  readonly changes?: SessionChanges;
  /** The delta is never published, as where NATS was away for a moment. */
  readonly lost?: boolean;
  /** It was above 64 KiB. */
  readonly refetch?: boolean;
}

/** Changes sessions as ingest does: a commit, a step of the fleet's chain, then two deltas. */
export class Commits {
  private readonly revisions = new Map<string, number>();
  private readonly at = '2026-03-01T12:00:00.000Z';

  constructor(private readonly gateway: TestGateway) {}

  /** Rows alone: they were there before anybody listened. */
  async seed(session: SessionSeed): Promise<void> {
    const revision = (this.revisions.get(session.id) ?? 0) + 1;
    this.revisions.set(session.id, revision);
    await putSession(this.pool, { ...session, revision });
    const stats = session.stats;
    await this.pool.query('update session set archived = $2, messages = $3, tool_calls = $4 where id = $1', [
      ...[session.id, session.archived ?? false, stats?.messages ?? 0, stats?.toolCalls ?? 0],
    ]);
  }

  async put(session: SessionSeed, told: Told = {}): Promise<void> {
    await this.seed(session);
    await this.tell(session.id, told);
  }

  async delete(id: string, told: Told = {}): Promise<void> {
    // A tombstone stays.
    await this.pool.query(
      `update session set deleted = true, started_at = null, last_activity_at = null, summary = '{}', detail = '{}' where id = $1`,
      [id],
    );
    await this.pool.query('update fleet set revision = revision + 1');
    this.revisions.set(id, (this.revisions.get(id) ?? 0) + 1);
    await this.tell(id, { changes: { deleted: true }, ...told });
  }

  private async tell(id: string, { changes = {}, lost = false, refetch = false }: Told): Promise<void> {
    if (lost) return;
    const { rows } = await this.pool.query<{ id: string; revision: string }>(
      'select g.id, f.revision from generation g, fleet f',
    );
    const { id: generation, revision } = rows[0] ?? { id: '', revision: '0' };
    const n = this.revisions.get(id) ?? 1;
    const step = Number(revision);
    const about = { sessionId: id, at: this.at };
    const said = refetch ? ({ refetch: true } as const) : { changes };
    const delta: Delta = {
      ...about,
      ...said,
      room: `session:${id}`,
      from: n === 1 ? null : `${generation}.${n - 1}`,
      to: `${generation}.${n}`,
    };
    const inFleet: Delta = {
      ...about,
      changes: {},
      room: 'fleet',
      from: `${generation}.${step - 1}`,
      to: `${generation}.${step}`,
    };
    this.gateway.connections.nats.publish(liveSessionSubject(id), JSON.stringify(delta));
    this.gateway.connections.nats.publish(liveFleetSubject, JSON.stringify(inFleet));
  }

  private get pool() {
    return this.gateway.connections.readModel;
  }
}
