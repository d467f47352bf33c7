import type { Tokens } from '@telltale/contracts';
import { tokensOf } from '../../counting';
import type { UsageRow } from '../../observation';
import { storableId, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';

/** No request holds a billion tokens. Larger figures are damage, and would overflow sums and prices. */
const mostTokens = 1e9;
const unknownModel = 'unknown';

const tokenFields = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
] as const;
const nestedFields = [
  ['cache_creation', 'ephemeral_5m_input_tokens'],
  ['cache_creation', 'ephemeral_1h_input_tokens'],
  ['server_tool_use', 'web_search_requests'],
  ['output_tokens_details', 'thinking_tokens'],
] as const;

/** Why a usage cannot be counted: a figure that is negative, broken or absurdly large. Undefined where it can. */
export function usageProblem(usage: unknown): string | undefined {
  const figures = asObject(usage);
  if (figures === undefined) return undefined;
  for (const field of tokenFields) {
    if (isAbsurd(figures[field])) return `usage.${field} is ${String(figures[field])}`;
  }
  for (const [group, field] of nestedFields) {
    const figure = asObject(figures[group])?.[field];
    if (isAbsurd(figure)) return `usage.${group}.${field} is ${String(figure)}`;
  }
  return undefined;
}

function isAbsurd(figure: unknown): boolean {
  return typeof figure === 'number' && !(Number.isInteger(figure) && figure >= 0 && figure <= mostTokens);
}

/** The usage an assistant record states, as one candidate row; undefined where it states none. */
export function usageRow(reading: LineReading, message: JsonObject): UsageRow | undefined {
  const usage = asObject(message['usage']);
  if (usage === undefined) return undefined;
  const requestId = asText(reading.record['requestId']);
  const model = asText(message['model']);
  return {
    requestId: requestId === undefined ? null : storableId(requestId),
    sidechain: reading.origin.sidechain,
    uuid: reading.uuid,
    agentId: reading.origin.agentId,
    model: model === undefined ? unknownModel : storableName(model),
    speed: speedOf(usage['speed']),
    at: reading.at,
    tokens: usageTokens(usage),
    webSearches: figure(asObject(usage['server_tool_use']), 'web_search_requests'),
  };
}

/** `iterations` repeat what the totals hold and are not added. */
function usageTokens(usage: JsonObject): Tokens {
  const output = figure(usage, 'output_tokens');
  const thinking = figure(asObject(usage['output_tokens_details']), 'thinking_tokens');
  return tokensOf({
    input: figure(usage, 'input_tokens'),
    output,
    ...cacheWrites(usage),
    cacheRead: figure(usage, 'cache_read_input_tokens'),
    reasoning: Math.min(thinking, output),
  });
}

/** What the breakdown does not explain counts as 5-minute writes (counting rule 4). */
function cacheWrites(usage: JsonObject): Pick<Tokens, 'cacheWrite5m' | 'cacheWrite1h'> {
  const all = figure(usage, 'cache_creation_input_tokens');
  const breakdown = asObject(usage['cache_creation']);
  const cacheWrite5m = figure(breakdown, 'ephemeral_5m_input_tokens');
  const cacheWrite1h = figure(breakdown, 'ephemeral_1h_input_tokens');
  const unexplained = Math.max(0, all - cacheWrite5m - cacheWrite1h);
  return { cacheWrite5m: cacheWrite5m + unexplained, cacheWrite1h };
}

function figure(group: JsonObject | undefined, field: string): number {
  const value = group?.[field];
  return typeof value === 'number' ? value : 0;
}

function speedOf(value: unknown): UsageRow['speed'] {
  return value === 'standard' || value === 'fast' ? value : null;
}
