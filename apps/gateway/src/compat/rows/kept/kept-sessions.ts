import type pg from 'pg';
import { Coalesced } from '../../../work/coalesced';
import { isSession } from '../../../sessions/list-filters';
import { KeptList, type KeptRow } from './kept-list';

/** What an earlier page shows of a session. */
export interface ShownSessions<Row extends { readonly id: string }> {
  /** Names its statements. */
  readonly name: string;
  /** Of `session s`, with `s.id`. */
  readonly columns: string;
  /** Further tables, from `session s` on. */
  readonly joins: string;
  /** Which sessions, beside that they are some. */
  readonly where: string;
  readonly json: (row: Row) => string;
}

export interface KeptBounds {
  /** Of text: of more sessions than fit nothing is kept. */
  readonly bytes: number;
  /** Without a question for so long, nothing is. */
  readonly idleMs: number;
}
export const keptBounds: KeptBounds = { bytes: 64 * 1024 * 1024, idleMs: 5 * 60_000 };

/** What the database was when sessions were read. */
interface Moment {
  /** Another read model, another table or another run of the server: nothing that was read before counts. */
  readonly epoch: string;
  /** What transactions from this one on have written may not have been seen. */
  readonly horizon: string;
}
interface Kept {
  readonly moment: Moment;
  readonly list: KeptList;
}
interface Placed {
  readonly id: string;
  readonly started: string;
  readonly micros: number | bigint;
}

const pageSize = 1000;
/** More changed sessions than this: all are read again. */
const mostChanged = 5_000;

/**
 * All sessions as an earlier system's page lists them, ready to be sent: they are read once, and then those that changed.
 * What is answered is never older than the question.
 */
export class KeptSessions<Row extends { readonly id: string }> {
  private kept: Kept | undefined;
  private idle: NodeJS.Timeout | undefined;
  /** There were too many; until then it is not tried again. As `performance.now()` tells time. */
  private tooManyUntil = 0;
  private readonly current = new Coalesced(() => this.refreshed());

  constructor(
    private readonly readModel: pg.Pool,
    private readonly shown: ShownSessions<Row>,
    private readonly bounds: KeptBounds = keptBounds,
  ) {}

  /**
   * JSON of all, the newest first, without brackets and with commas within each page. A reader who takes his time holds
   * no connection, and nothing but a page: a session's start hardly ever moves, and then to the past, so none is left out.
   */
  async *pages(): AsyncGenerator<Buffer> {
    const list = await this.current.get();
    if (!list) {
      for await (const rows of this.all()) yield Buffer.from(rows.map(({ json }) => json).join(','));
      return;
    }
    let page = list.behind();
    while (page) {
      yield page.text;
      page = list.behind(page.last);
    }
  }

  /** Lets go of what is kept. */
  forget(): void {
    clearTimeout(this.idle);
    this.kept = undefined;
  }

  /** Undefined: there are more than can be kept. */
  private async refreshed(): Promise<KeptList | undefined> {
    if (performance.now() < this.tooManyUntil) return undefined;
    const moment = await this.moment();
    const changed = await this.changed(moment);
    this.forget(); // before all are read again: there is one list at a time
    const list = changed ?? (await this.loaded());
    if (!list || list.bytes > this.bounds.bytes) {
      this.tooManyUntil = performance.now() + this.bounds.idleMs;
      return undefined;
    }
    this.kept = { moment, list };
    this.idle = setTimeout(() => this.forget(), this.bounds.idleMs).unref();
    return list;
  }

  /** What is kept, with what changed since; undefined where all must be read. */
  private async changed({ epoch }: Moment): Promise<KeptList | undefined> {
    const { kept } = this;
    if (kept?.moment.epoch !== epoch) return undefined;
    const changes = await this.changes(kept.moment);
    if (changes) kept.list.change(changes);
    return changes && kept.list;
  }

  private async moment(): Promise<Moment> {
    const { rows } = await this.readModel.query<Moment>({
      name: 'read-model-moment',
      // A table that was emptied, or restored from elsewhere, is another file. A server that comes back after a crash has
      // the start of before, and may give numbers of transactions again; but its statistics begin anew.
      text: `select concat_ws(' ', g.id, pg_relation_filenode('session'), pg_postmaster_start_time(),
                 pg_stat_get_bgwriter_stat_reset_time()) as epoch,
               pg_snapshot_xmin(pg_current_snapshot())::text as horizon from generation g`,
    });
    const [moment] = rows;
    if (!moment) throw new Error('the read model has no generation: its migration did not finish');
    return moment;
  }

  /** Undefined: so many that all may as well be read. */
  private async changes({ horizon }: Moment): Promise<Map<string, KeptRow | undefined> | undefined> {
    // The upper end is for what another server wrote, of which this one is a copy: its transactions are no time of ours.
    const changed = await this.readModel.query<{ id: string }>({
      name: 'changed-sessions',
      text: `select id from session where changed_in >= $1::xid8
               and changed_in < pg_snapshot_xmax(pg_current_snapshot()) limit $2`,
      values: [horizon, mostChanged + 1],
    });
    const ids = changed.rows.map(({ id }) => id);
    if (ids.length > mostChanged) return undefined;
    const changes = new Map<string, KeptRow | undefined>(ids.map((id) => [id, undefined]));
    for (const row of await this.of(ids)) changes.set(row.id, row);
    return changes;
  }

  /** Those of these sessions that are shown. Asked by their ids, so that no plan reads others. */
  private async of(ids: readonly string[]): Promise<KeptRow[]> {
    if (ids.length === 0) return [];
    const { columns, joins, name } = this.shown;
    const { rows } = await this.readModel.query<Row & Placed>({
      name: `${name}-changed`,
      text: `select ${columns}, ${placed} from session s ${joins} where ${this.condition} and s.id = any($1)`,
      values: [ids],
    });
    return rows.map((row) => this.rendered(row));
  }

  private async loaded(): Promise<KeptList | undefined> {
    const list = new KeptList();
    for await (const rows of this.all()) {
      list.change(new Map(rows.map((row) => [row.id, row])));
      if (list.bytes > this.bounds.bytes) return undefined;
    }
    return list;
  }

  private async *all(): AsyncGenerator<readonly KeptRow[]> {
    const { columns, joins, name } = this.shown;
    let after: Placed | undefined;
    do {
      const { rows }: pg.QueryResult<Row & Placed> = await this.readModel.query<Row & Placed>({
        name: `${name}${after ? '-next' : ''}`,
        text: `select ${columns}, ${placed} from session s ${joins} where ${this.condition}
               ${after ? 'and (s.started_at, s.id) < ($2::timestamptz, $3)' : ''}
               order by s.started_at desc nulls last, s.id desc limit $1`,
        values: [pageSize, ...(after ? [after.started, after.id] : [])],
      });
      yield rows.map((row) => this.rendered(row));
      after = rows.length === pageSize ? rows.at(-1) : undefined;
    } while (after);
  }

  private get condition(): string {
    return `${isSession} and ${this.shown.where}`;
  }

  private rendered(row: Row & Placed): KeptRow {
    return { id: row.id, at: Number(row.micros), json: this.shown.json(row) };
  }
}

/** In the database's own precision: where the next page begins; and as a number. */
const placed = `s.started_at::text as started, (extract(epoch from s.started_at) * 1000000)::bigint as micros`;
