import type { Tokens } from '@telltale/contracts';
import { tokensOf } from '../../counting';
import { asObject, type JsonObject } from '../reading/values';
import { countOf, type CounterStart, type Totals } from './counters';
import { countScope, isReplayedTurn } from './keys';
import type { LineReading } from './line-reading';
import { readRateLimits } from './rate-limits';

/** No request holds a billion tokens. Larger figures are damage, and would overflow sums and prices. */
const mostTokens = 1e9;
/** A session's total may be large: thousands of requests, each with all of the context. */
const mostInTotal = 1e13;
const unknownModel = 'unknown';

const fields = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
] as const;

/** Why a count cannot be counted: a figure that is negative, broken or absurdly large. Undefined where it can. */
export function countProblem(payload: JsonObject): string | undefined {
  const info = asObject(payload['info']);
  // A total beyond what one request can hold is counted by the last call, and so must state it.
  const groups = [
    ['total_token_usage', asObject(info?.['last_token_usage']) === undefined ? mostTokens : mostInTotal],
    ['last_token_usage', mostTokens],
  ] as const;
  for (const [group, most] of groups) {
    const figures = asObject(info?.[group]);
    const field = fields.find((name) => isAbsurd(figures?.[name], most));
    if (field !== undefined) return `${group}.${field} is ${String(figures?.[field])}`;
  }
  return undefined;
}

function isAbsurd(figure: unknown, most: number): boolean {
  return typeof figure === 'number' && !(Number.isInteger(figure) && figure >= 0 && figure <= most);
}

/** The change of the cumulative total since the count before, as one candidate row; and the account's limits. */
export function readTokenCount(reading: LineReading): void {
  const { payload, state } = reading;
  readRateLimits(reading, payload['rate_limits']);
  const info = asObject(payload['info']);
  const total = totalsOf(info?.['total_token_usage']);
  const last = totalsOf(info?.['last_token_usage']);
  if (total === null && last === null) return;
  const message = state.get('message');
  // Whatever this count comes to: which count has the message must not depend on what stands before a fork's cut.
  state.set('message', null);
  const { usage, counters, fell } = countOf({ total, last }, state.get('counters'), startOf(reading));
  state.set('counters', counters);
  const falls = state.get('falls');
  state.set('falls', falls === null ? 0 : falls + Number(fell));
  const counted = usage !== null && usage.some((figure) => figure > mostTokens) ? last : usage;
  if (counted !== null) sayUsage(reading, counted, { total: total ?? counted, message });
}

function startOf(reading: LineReading): CounterStart {
  if (!reading.state.get('forked')) return 'new';
  return isReplayedTurn(reading) ? 'replayed' : 'continued';
}

/**
 * The row is known by the total it led to: that is the same in a replay. It stands with the agent's message that
 * the call wrote, if it wrote one.
 */
function sayUsage(
  reading: LineReading,
  counted: Totals,
  { total, message }: { readonly total: Totals; readonly message: string | null },
): void {
  const { state } = reading;
  const falls = state.get('falls') ?? 0;
  const id = `${total.join('.')}${falls === 0 ? '' : `~${falls}`}`;
  const own = `m:${countScope(reading)}:${id}`;
  reading.say({
    type: 'usage',
    messageKey: message ?? own,
    row: {
      requestId: id,
      sidechain: false,
      uuid: own,
      agentId: null,
      model: state.get('model') ?? unknownModel,
      speed: state.get('speed'),
      at: reading.at,
      tokens: tokens(counted),
      webSearches: 0,
    },
  });
}

/** What was read from the cache and what was written to it is part of the input; reasoning is part of the output. */
function tokens([input, cached, cacheWrite, output, reasoning]: Totals): Tokens {
  const cacheRead = Math.min(cached, input);
  const cacheWrite5m = Math.min(cacheWrite, input - cacheRead);
  return tokensOf({
    input: input - cacheRead - cacheWrite5m,
    output,
    cacheWrite5m,
    cacheWrite1h: 0,
    cacheRead,
    reasoning: Math.min(reasoning, output),
  });
}

/** Null where nothing that counts is stated: the first records of a version that gave other figures. */
function totalsOf(usage: unknown): Totals | null {
  const figures = asObject(usage);
  if (figures === undefined) return null;
  const figure = (name: (typeof fields)[number]): number => {
    const value = figures[name];
    return typeof value === 'number' ? value : 0;
  };
  return [figure(fields[0]), figure(fields[1]), figure(fields[2]), figure(fields[3]), figure(fields[4])];
}
