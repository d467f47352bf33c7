import type { CsvValue } from '@telltale/domain';

/** The columns of a CSV file: their names, and what stands in them. */
export type Columns<T> = readonly (readonly [name: string, value: (of: T) => CsvValue])[];
