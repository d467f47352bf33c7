import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Real transcripts with independently counted totals lie outside the repository; where they are, they are compared with. */
export const samplesFolder =
  process.env['TELLTALE_SAMPLES'] ?? join(__dirname, '../../../../../shared/samples');
export const hasSamples = existsSync(join(samplesFolder, 'truth.json'));

export interface ModelTruth {
  readonly input: number;
  readonly output: number;
  readonly cache_5m: number;
  readonly cache_1h: number;
  readonly cache_read: number;
  readonly api_messages: number;
  readonly fast_messages: number;
  readonly cost_usd: number;
}

export interface FileTruth {
  readonly malformed: number;
  readonly user: { readonly [kind: string]: number };
  readonly tool_calls: { readonly [tool: string]: number };
  readonly progress_tool_calls: { readonly [tool: string]: number };
  readonly tool_results: number;
  readonly tool_errors: number;
  readonly assistant_messages: number;
  readonly api_error_records: number;
  readonly api_error_messages: number;
  readonly compactions: number;
  readonly cwd: string | null;
  readonly git_branch_last: string | null;
  readonly first_timestamp: string | null;
  readonly last_timestamp: string | null;
  readonly title: { readonly [kind: string]: string } | null;
  readonly todos_last?: { readonly [status: string]: number };
  readonly by_model: { readonly [model: string]: ModelTruth };
  readonly cost_usd: number;
}

interface Truth {
  readonly 'claude-code': {
    readonly files: { readonly [path: string]: FileTruth };
    readonly all_files_deduped: Pick<FileTruth, 'by_model' | 'cost_usd'>;
  };
  readonly 'claude-growth': { readonly files: { readonly [path: string]: FileTruth } };
}

export function readTruth(): Truth {
  return JSON.parse(readFileSync(join(samplesFolder, 'truth.json'), 'utf8')) as Truth;
}

/** The whole lines of a sample; what follows the last newline is one too, as when the file is complete. */
export function sampleLines(path: string): string[] {
  const lines = readFileSync(join(samplesFolder, path), 'utf8').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
