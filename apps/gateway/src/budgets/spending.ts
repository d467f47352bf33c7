import { Inject, Injectable } from '@nestjs/common';
import type { BudgetRule, KnownSession, Period } from '@telltale/domain';
import type pg from 'pg';
import { READ_MODEL } from '../connections';

/** What a session, a project or a period has cost. */
export interface Figure {
  /** The session's id, the project's path, or the period's key. */
  readonly key: string;
  /** Null: something was used, and nothing of it has a price. */
  readonly pico: bigint | null;
  /** Some of what was used has no price. */
  readonly unpriced: boolean;
  /** Epoch ms; of sessions and projects. */
  readonly lastActivityAt?: number;
}

interface Row {
  readonly key: string;
  readonly pico: string | null;
  readonly unpriced: boolean | null;
  readonly last_activity_at: number | null;
}
interface KnownRow extends Omit<Row, 'unpriced'> {
  readonly revision: string;
  readonly project_path: string | null;
}

const lastActivity = (column: string) => `(extract(epoch from ${column}) * 1000)::float8 as last_activity_at`;
/** A cost is null where nothing of the session has a price; some of it has none where a model is named. */
const sessionUnpriced = `(s.cost_pico is null or coalesce(s.summary->'stats'->'unpricedModels', '[]') <> '[]')`;
const ofSession = `s.id as key, s.cost_pico::text as pico, ${sessionUnpriced} as unpriced, ${lastActivity('s.last_activity_at')}`;
const ofProject = `s.project_path as key, sum(s.cost_pico)::text as pico, bool_or(${sessionUnpriced}) as unpriced,
  ${lastActivity('max(s.last_activity_at)')}`;

/** More than a bigint holds has cost nobody anything. */
const mostPico = 2n ** 63n - 1n;

/** Costs as the read model has them: whole pico-dollars. */
@Injectable()
export class Spending {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** Those of the keys that are there. `period`: of a day's or month's budget. */
  async of(rule: BudgetRule, keys: readonly string[], period: Period | null): Promise<Figure[]> {
    if (period) return [await this.inPeriod(period, rule.key)];
    return rule.scope === 'session' ? this.ofSessions(keys) : this.ofProjects(keys);
  }

  ofSessions(ids: readonly string[]): Promise<Figure[]> {
    return this.figures('budget-sessions', `select ${ofSession} from session s where s.id = any($1)`, [ids]);
  }

  /** In all, over all sessions. */
  ofProjects(paths: readonly string[]): Promise<Figure[]> {
    return this.figures(
      'budget-projects',
      `select ${ofProject} from session s where s.project_path = any($1) group by s.project_path`,
      [paths],
    );
  }

  /** By the time of what was used. Days and months begin at full quarters of an hour, as rollups do. */
  async inPeriod({ key, from, to }: Period, project: string | null): Promise<Figure> {
    const range = [new Date(from).toISOString(), new Date(to).toISOString()];
    const [figure] = await this.figures(
      project === null ? 'budget-period' : 'budget-project-period',
      `select $3::text as key, case when sum(r.priced) = 0 and sum(r.unpriced) > 0 then null
         else coalesce(sum(r.cost_pico), 0)::text end as pico, sum(r.unpriced) > 0 as unpriced, null::float8 as last_activity_at
       from rollup r ${project === null ? '' : 'join session s on s.id = r.session_id and s.project_path = $4'}
       where r.bucket >= $1::timestamptz and r.bucket < $2::timestamptz`,
      [...range, key, ...(project === null ? [] : [project])],
    );
    return figure ?? { key, pico: 0n, unpriced: false };
  }

  /** Sessions or projects that were active since and have cost so much. */
  reached({ scope, since }: BudgetRule, pico: bigint): Promise<Figure[]> {
    const from = new Date(since).toISOString();
    return scope === 'session'
      ? this.figures(
          'budget-reached-sessions',
          `select ${ofSession} from session s where s.last_activity_at >= $1::timestamptz and s.cost_pico >= $2::bigint`,
          [from, String(pico < mostPico ? pico : mostPico)],
        )
      : this.figures(
          'budget-reached-projects',
          `select ${ofProject} from session s where s.project_path in
             (select project_path from session where last_activity_at >= $1::timestamptz and project_path is not null)
           group by s.project_path having sum(s.cost_pico) >= $2::numeric`,
          [from, String(pico)],
        );
  }

  /** The dearest session or project of those that were active since. */
  async dearest({ scope, since }: BudgetRule): Promise<Figure | undefined> {
    const [figure] = await this.figures(
      `budget-dearest-${scope}`,
      scope === 'session'
        ? `select ${ofSession} from session s where s.last_activity_at >= $1::timestamptz
           order by s.cost_pico desc nulls last, s.id limit 1`
        : `select ${ofProject} from session s where s.project_path in
             (select project_path from session where last_activity_at >= $1::timestamptz and project_path is not null)
           group by s.project_path order by sum(s.cost_pico) desc nulls last, s.project_path limit 1`,
      [new Date(since).toISOString()],
    );
    return figure;
  }

  /** What deltas go on from. */
  async known(ids: readonly string[]): Promise<Map<string, KnownSession>> {
    const { rows } = await this.readModel.query<KnownRow>({
      name: 'budget-known-sessions',
      text: `select s.id as key, s.cost_pico::text as pico, s.revision::text as revision, s.project_path,
               ${lastActivity('s.last_activity_at')} from session s where s.id = any($1)`,
      values: [ids],
    });
    return new Map(
      rows.map((row) => [
        row.key,
        {
          revision: BigInt(row.revision),
          costPico: BigInt(row.pico ?? 0),
          projectPath: row.project_path,
          lastActivityAt: row.last_activity_at ?? -Infinity,
        },
      ]),
    );
  }

  private async figures(name: string, text: string, values: unknown[]): Promise<Figure[]> {
    const { rows } = await this.readModel.query<Row>({ name, text, values });
    return rows.map((row) => ({
      key: row.key,
      pico: row.pico === null ? null : BigInt(row.pico),
      unpriced: row.unpriced ?? false,
      ...(row.last_activity_at === null ? {} : { lastActivityAt: row.last_activity_at }),
    }));
  }
}
