import { UnreadableLineError } from './long-lines';

/**
 * Whether what is projected is itself at fault, so that trying again would not help: data exceptions, violated
 * constraints and program limits of PostgreSQL, lines that cannot be read back, values too long for JavaScript.
 * All else (a lost lease, a server that is away) passes.
 */
export function isUnstorable(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof UnreadableLineError || error instanceof RangeError) return true;
  if (!('code' in error) || typeof error.code !== 'string') return false;
  return error.code === 'ERR_STRING_TOO_LONG' || /^(21|22|23|54)[0-9A-Z]{3}$/.test(error.code);
}
