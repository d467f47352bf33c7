import type { Tokens } from '@telltale/contracts';
import { tokensOf } from '../../counting';
import type { UsageRow } from '../../observation';
import { storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';

/** No request holds a billion tokens. Larger figures are damage, and would overflow sums and prices. */
const mostTokens = 1e9;
/** Nor does one cost a million dollars. */
const mostDollars = 1e6;
const unknownModel = 'unknown';
const tokenFields = ['input', 'output', 'reasoning'] as const;
const cacheFields = ['read', 'write'] as const;

/** Why a message's tokens cannot be counted: a figure that is negative, broken or absurdly large. Undefined where they can. */
export function usageProblem(message: JsonObject): string | undefined {
  const tokens = asObject(message['tokens']);
  const cache = asObject(tokens?.['cache']);
  for (const field of tokenFields) {
    if (isAbsurd(tokens?.[field])) return `tokens.${field} is ${String(tokens?.[field])}`;
  }
  for (const field of cacheFields) {
    if (isAbsurd(cache?.[field])) return `tokens.cache.${field} is ${String(cache?.[field])}`;
  }
  return undefined;
}

function isAbsurd(figure: unknown): boolean {
  return typeof figure === 'number' && !(Number.isInteger(figure) && figure >= 0 && figure <= mostTokens);
}

/** What an assistant message used; undefined where it does not say. What its steps say is part of it, and is not added. */
export function usageRow(message: JsonObject, id: string, at: number): UsageRow | undefined {
  const tokens = asObject(message['tokens']);
  if (tokens === undefined) return undefined;
  const reportedPico = picoDollars(message['cost']);
  return {
    requestId: null,
    sidechain: false,
    uuid: id,
    agentId: null,
    model: modelName(message) ?? unknownModel,
    speed: null,
    at,
    tokens: tokensIn(tokens),
    webSearches: 0,
    ...(reportedPico === undefined ? {} : { reportedPico }),
  };
}

/** `output` leaves out what was thought; `input` leaves out what came from the cache. */
function tokensIn(tokens: JsonObject): Tokens {
  const cache = asObject(tokens['cache']);
  const reasoning = figure(tokens['reasoning']);
  return tokensOf({
    input: figure(tokens['input']),
    output: figure(tokens['output']) + reasoning,
    cacheWrite5m: figure(cache?.['write']),
    cacheWrite1h: 0,
    cacheRead: figure(cache?.['read']),
    reasoning,
  });
}

function figure(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function picoDollars(cost: unknown): bigint | undefined {
  if (typeof cost !== 'number' || !(cost >= 0 && cost <= mostDollars)) return undefined;
  return BigInt(Math.round(cost * 1e12));
}

/** `<provider>/<model>`, of a message or a session; null where it names none. */
export function modelName(record: JsonObject): string | null {
  const chosen = asObject(record['model']);
  const model = asText(record['modelID']) ?? asText(chosen?.['modelID']) ?? asText(chosen?.['id']);
  if (model === undefined) return null;
  const provider = asText(record['providerID']) ?? asText(chosen?.['providerID']);
  return storableName(provider === undefined ? model : `${provider}/${model}`);
}
