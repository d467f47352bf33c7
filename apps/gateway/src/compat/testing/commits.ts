import type pg from 'pg';
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
  seed(session: SessionSeed): Promise<void> {
    return this.commit((client) => this.write(client, session));
  }

  async put(session: SessionSeed, told: Told = {}): Promise<void> {
    const deltas = await this.commit(async (client) => {
      await this.write(client, session);
      return this.deltas(client, session.id, told);
    });
    this.publish(deltas, told);
  }

  async delete(id: string, told: Told = {}): Promise<void> {
    const deltas = await this.commit(async (client) => {
      // A tombstone stays.
      await client.query(
        `update session set deleted = true, started_at = null, last_activity_at = null, summary = '{}', detail = '{}' where id = $1`,
        [id],
      );
      await client.query('update fleet set revision = revision + 1');
      this.revisions.set(id, (this.revisions.get(id) ?? 0) + 1);
      return this.deltas(client, id, { changes: { deleted: true }, ...told });
    });
    this.publish(deltas, told);
  }

  private async write(client: pg.PoolClient, session: SessionSeed): Promise<void> {
    const revision = (this.revisions.get(session.id) ?? 0) + 1;
    this.revisions.set(session.id, revision);
    await putSession(client, { ...session, revision });
    const stats = session.stats;
    await client.query('update session set archived = $2, messages = $3, tool_calls = $4 where id = $1', [
      ...[session.id, session.archived ?? false, stats?.messages ?? 0, stats?.toolCalls ?? 0],
    ]);
  }

  /** All of it at once, and nothing between it and its deltas: what is seen long before them counts as lost. */
  private async commit<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.gateway.connections.readModel.connect();
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  private async deltas(
    client: pg.PoolClient,
    id: string,
    { changes = {}, refetch = false }: Told,
  ): Promise<readonly Delta[]> {
    const { rows } = await client.query<{ id: string; revision: string }>(
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
    return [delta, inFleet];
  }

  private publish([delta, inFleet]: readonly Delta[], { lost = false }: Told): void {
    if (lost || !delta) return;
    const { nats } = this.gateway.connections;
    nats.publish(liveSessionSubject(delta.sessionId), JSON.stringify(delta));
    nats.publish(liveFleetSubject, JSON.stringify(inFleet));
  }
}
