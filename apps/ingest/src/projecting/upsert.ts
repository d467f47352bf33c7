import type { ClientBase, QueryResult } from 'pg';
import { storableText } from './storable';

/** How a column's values travel: as an array of this Postgres type. `timestamptz` values are epoch ms or null. */
type ColumnType = 'text' | 'bigint' | 'integer' | 'smallint' | 'boolean' | 'jsonb' | 'timestamptz' | 'text[]';

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: Row) => string | number | bigint | boolean | null;
}

export interface UpsertPlan<Row> {
  /** The prepared statement's name: one plan a connection. */
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column<Row>[];
  readonly key: readonly string[];
  /** What happens to the other columns where the key exists: `set` (default) or a set-list of its own. */
  readonly onConflict?: string;
}

/**
 * Writes rows as one statement, whatever their number: INSERT … SELECT FROM unnest(…) ON CONFLICT. Rows must not
 * repeat a key.
 */
export class Upsert<Row> {
  private readonly text: string;

  constructor(private readonly plan: UpsertPlan<Row>) {
    const { table, columns, key } = plan;
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const arrays = columns.map(({ type }, i) => `$${i + 1}::${arrayType(type)}[]`).join(', ');
    const aliases = columns.map((_, i) => `c${i}`).join(', ');
    const values = columns.map(({ type }, i) => valueOf(type, `c${i}`)).join(', ');
    const others = columns.filter(({ name }) => !key.includes(name));
    const set = plan.onConflict ?? others.map(({ name }) => `"${name}" = excluded."${name}"`).join(', ');
    this.text = `insert into ${table} as known (${names}) select ${values} from unnest(${arrays}) as new(${aliases}) on conflict (${key.map((k) => `"${k}"`).join(', ')}) do update set ${set}`;
  }

  /** Undefined where there is nothing to write: no statement is sent. */
  run(client: ClientBase, rows: readonly Row[]): Promise<QueryResult> | undefined {
    if (rows.length === 0) return undefined;
    const values = this.plan.columns.map(({ of }) => rows.map((row) => storable(of(row))));
    return client.query({ name: this.plan.name, text: this.text, values });
  }
}

function arrayType(type: ColumnType): string {
  if (type === 'timestamptz') return 'float8';
  return type === 'text[]' ? 'jsonb' : type;
}

function valueOf(type: ColumnType, alias: string): string {
  if (type === 'timestamptz') return `to_timestamp(${alias} / 1000.0)`;
  return type === 'text[]' ? `array(select jsonb_array_elements_text(${alias}))` : alias;
}

function storable(value: string | number | bigint | boolean | null): string | number | boolean | null {
  if (typeof value === 'string') return storableText(value);
  return typeof value === 'bigint' ? String(value) : value;
}
