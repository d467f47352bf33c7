import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real transcripts with independently computed totals, where they lie beside this checkout; CI has them. */
export const samples = process.env['TELLTALE_SAMPLES'] ?? resolve(process.cwd(), '../shared/samples');
export const hasSamples = existsSync(join(samples, 'truth.json'));
