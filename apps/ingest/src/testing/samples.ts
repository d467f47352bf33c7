import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real transcripts with independent totals, where this checkout has them beside it; CI does. */
export const samples = process.env['TELLTALE_SAMPLES'] ?? resolve(process.cwd(), '../shared/samples');
export const hasSamples = existsSync(join(samples, 'truth.json'));

/** Paths of all files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
