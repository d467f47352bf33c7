import { csvLine } from '@telltale/domain';
import type { Columns } from './columns';

/** A line of names, then a line for each. */
export async function* asCsv<T>(columns: Columns<T>, rows: AsyncIterable<T>): AsyncGenerator<string> {
  const names = csvLine(columns.map(([name]) => name));
  let isFirst = true;
  for await (const row of rows) {
    const line = csvLine(columns.map(([, value]) => value(row)));
    yield isFirst ? names + line : line;
    isFirst = false;
  }
  if (isFirst) yield names;
}
