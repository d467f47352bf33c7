import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real transcripts with independently computed totals, where they lie beside this checkout; CI has them. */
export const samples = process.env['TELLTALE_SAMPLES'] ?? resolve(process.cwd(), '../shared/samples');
export const hasSamples = existsSync(join(samples, 'truth.json'));

/** What a source's samples come to, as it was counted by others. */
export function truth<T>(source: string): T {
  return (JSON.parse(readFileSync(join(samples, 'truth.json'), 'utf8')) as Readonly<Record<string, T>>)[
    source
  ] as T;
}
