import { tokensOf } from '../counting';
import type { UsageRow } from '../observation';
import type { CountedUsage } from './increments';
import type { StoredUsage } from './usage-candidate';

/** What PostgreSQL answers for a `bigint`: a number as long as it is a safe one. */
type Pico = number | bigint | null;

/** Of a row of `read_model.usage`, in its columns' names: what counts. Times are epoch ms, prices pico-dollars. */
export interface CountedRecord {
  readonly agent_id: string | null;
  readonly model: string;
  readonly at: number;
  readonly input: number;
  readonly output: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly cache_read: number;
  readonly reasoning: number;
  readonly reported_pico: Pico;
  readonly cost_pico: Pico;
}

/** A whole row of `read_model.usage`. */
export interface UsageRecord extends CountedRecord {
  readonly message_key: string;
  readonly session_id: string;
  readonly request_id: string;
  readonly sidechain: boolean;
  readonly uuid: string;
  readonly speed: UsageRow['speed'];
  readonly web_searches: number;
  readonly sequence: number;
  readonly line: number;
  readonly owner: string | null;
  readonly price_version: string | null;
}

const epochMs = '(extract(epoch from at) * 1000)::float8 as at';

/** What to select for a {@link CountedRecord}. */
export const countedColumns = `agent_id, model, ${epochMs}, input, output, cache_write_5m, cache_write_1h, cache_read, reasoning,
  reported_pico, cost_pico`;

/** What to select for a {@link UsageRecord}. */
export const usageColumns = `message_key, session_id, request_id, sidechain, uuid, speed, web_searches, sequence, line, owner, price_version,
  ${countedColumns}`;

/** The candidate a row stands for. The place of its record is that in the log: where in its file that stands is not stored. */
export function usageOfRecord(record: UsageRecord): StoredUsage {
  const reportedPico = picoOf(record.reported_pico);
  return {
    messageKey: record.message_key,
    sessionId: record.session_id,
    row: {
      requestId: record.request_id === '' ? null : record.request_id,
      sidechain: record.sidechain,
      uuid: record.uuid,
      agentId: record.agent_id,
      model: record.model,
      speed: record.speed,
      at: Math.round(record.at),
      tokens: tokensOfRecord(record),
      webSearches: record.web_searches,
      ...(reportedPico === null ? {} : { reportedPico }),
    },
    place: { sequence: record.sequence, line: record.line, offset: 0 },
    owner: record.owner,
    costPico: picoOf(record.cost_pico),
    priceVersion: record.price_version,
  };
}

/** What a row counts for its owner. */
export function countedOfRecord(record: CountedRecord, owner: string): CountedUsage {
  return {
    owner,
    agentId: record.agent_id,
    model: record.model,
    at: Math.round(record.at),
    tokens: tokensOfRecord(record),
    costPico: picoOf(record.cost_pico),
    reportedPico: picoOf(record.reported_pico) ?? undefined,
  };
}

function tokensOfRecord(record: CountedRecord): UsageRow['tokens'] {
  return tokensOf({
    input: record.input,
    output: record.output,
    cacheWrite5m: record.cache_write_5m,
    cacheWrite1h: record.cache_write_1h,
    cacheRead: record.cache_read,
    reasoning: record.reasoning,
  });
}

function picoOf(pico: Pico): bigint | null {
  return pico === null ? null : BigInt(pico);
}
