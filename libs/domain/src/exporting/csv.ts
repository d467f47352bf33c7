import { visibleText } from './visible-text';

export type CsvValue = string | number | boolean | null | undefined;

/** What spreadsheets take for the beginning of a formula, in full width too. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A line of RFC 4180 with its CRLF. Texts are cleaned of what terminals act on and always quoted; one that a
 * spreadsheet would take for a formula gets an apostrophe in front. Numbers and booleans stand as they are, null
 * is empty.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = visibleText(value);
  return `"${(formulaStart.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
