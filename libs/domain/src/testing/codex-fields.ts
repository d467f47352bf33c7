/** Tokens of one call as the API states them: what was read from and written to the cache is part of the input. */
export interface CodexUsage {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export type Fields = { readonly [field: string]: unknown };

export const noUsage: CodexUsage = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };

export function execOutput(output: string, exitCode: number): string {
  return `Chunk ID: 09e8be\nWall time: 0.2415 seconds\nProcess exited with code ${exitCode}\nOutput:\n${output}`;
}

export function sum(a: CodexUsage, b: CodexUsage): CodexUsage {
  return {
    input: a.input + b.input,
    cached: a.cached + b.cached,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

export function tokenFields({ input, cached, cacheWrite, output, reasoning }: CodexUsage): Fields {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    ...(cacheWrite === 0 ? {} : { cache_write_input_tokens: cacheWrite }),
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    total_tokens: input + output,
  };
}

export function rateLimits(usedPercent: number, from: number): Fields {
  const seconds = Math.floor(from / 1000);
  return {
    limit_id: 'codex',
    primary: { used_percent: usedPercent, window_minutes: 300, resets_at: seconds + 18_000 },
    secondary: { used_percent: usedPercent / 4, window_minutes: 10_080, resets_at: seconds + 600_000 },
    plan_type: 'team',
  };
}

export function restamped(text: string, at: number): string {
  try {
    const record = JSON.parse(text) as Fields;
    return 'timestamp' in record
      ? JSON.stringify({ ...record, timestamp: new Date(at).toISOString() })
      : text;
  } catch {
    return text; // a malformed line is copied as it is
  }
}

/** A UUID of version 7: its time, then what tells it from others of that millisecond (12 hex digits). */
export function timedId(at: number, rest: string): string {
  const time = hex(at, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}

export function hex(n: number, length: number): string {
  return n.toString(16).padStart(length, '0');
}
