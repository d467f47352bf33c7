import type { ClientBase, QueryConfig, QueryResult } from 'pg';
import { binaryArray, type Element, type ElementType } from './binary-array';

/** How a column's values travel: as an array of this Postgres type. `text[]` values are JSON. */
type ColumnType = ElementType | 'text[]';

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: Row) => Element;
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
    const arrays = columns.map(({ type }, i) => `$${i + 1}::${elementType(type)}[]`).join(', ');
    const aliases = columns.map((_, i) => `c${i}`).join(', ');
    const values = columns.map(({ type }, i) => valueOf(type, `c${i}`)).join(', ');
    const others = columns.filter(({ name }) => !key.includes(name));
    const set = plan.onConflict ?? others.map(({ name }) => `"${name}" = excluded."${name}"`).join(', ');
    this.text = `insert into ${table} as known (${names}) select ${values} from unnest(${arrays}) as new(${aliases}) on conflict (${key.map((k) => `"${k}"`).join(', ')}) do update set ${set}`;
  }

  /**
   * The statement that writes these rows; undefined where there is nothing to write.
   *
   * @throws RangeError where a number does not fit its column
   */
  of(rows: readonly Row[]): QueryConfig | undefined {
    if (rows.length === 0) return undefined;
    const values = this.plan.columns.map(({ type, of }) => binaryArray(elementType(type), rows.map(of)));
    return { name: this.plan.name, text: this.text, values };
  }

  run(client: ClientBase, rows: readonly Row[]): Promise<QueryResult> | undefined {
    const statement = this.of(rows);
    return statement && client.query(statement);
  }
}

function elementType(type: ColumnType): ElementType {
  return type === 'text[]' ? 'jsonb' : type;
}

function valueOf(type: ColumnType, alias: string): string {
  return type === 'text[]' ? `array(select jsonb_array_elements_text(${alias}))` : alias;
}
