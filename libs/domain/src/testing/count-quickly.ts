import { decideEntries, ownerOf, type Claim } from '../counting';
import type { Observation, UsageRow } from '../observation';
import type { ModelOracle } from './oracle';

export interface SessionFigures {
  prompts: number;
  messages: number;
  toolCalls: number;
  readonly models: Map<string, ModelOracle>;
}

/** The library's own way from observations to figures by session, all in memory: decide winners, decide owners. */
export function countQuickly(seen: readonly Observation[]): Map<string, SessionFigures> {
  const claims = claimsOf(seen);
  const figures = new Map<string, SessionFigures>();
  for (const id of claims.keys())
    figures.set(id, { prompts: 0, messages: 0, toolCalls: 0, models: new Map() });
  const owner = (sessions: Iterable<string>): SessionFigures | undefined =>
    figures.get(ownerOf([...sessions].flatMap((id) => claims.get(id) ?? [])));
  for (const [key, sessions] of keysOf(seen)) countKey(key, owner(sessions));
  for (const candidates of usageOf(seen).values()) {
    const models = owner(new Set(candidates.map(({ sessionId }) => sessionId)))?.models;
    for (const { winner } of decideEntries(candidates.map(({ row }) => row))) addRow(models, winner);
  }
  return figures;
}

function claimsOf(seen: readonly Observation[]): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  for (const one of seen) {
    const known = claims.get(one.sessionId) ?? { sessionId: one.sessionId, startedAt: null, forked: false };
    const startedAt =
      one.type === 'activity' ? Math.min(known.startedAt ?? Infinity, one.at) : known.startedAt;
    const forked = known.forked || (one.type === 'registers' && one.registers.forkedFrom !== undefined);
    claims.set(one.sessionId, { ...known, startedAt, forked });
  }
  return claims;
}

function keysOf(seen: readonly Observation[]): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const one of seen) {
    if (one.type !== 'prompt' && one.type !== 'assistant' && one.type !== 'tool-use') continue;
    keys.set(one.key, (keys.get(one.key) ?? new Set()).add(one.sessionId));
  }
  return keys;
}

function countKey(key: string, figures: SessionFigures | undefined): void {
  if (figures === undefined) return;
  if (key.startsWith('t:')) {
    figures.toolCalls++;
    return;
  }
  figures.messages++;
  if (key.startsWith('p:')) figures.prompts++;
}

/** The candidate rows of each message key. */
export function usageOf(seen: readonly Observation[]): Map<string, { row: UsageRow; sessionId: string }[]> {
  const rows = new Map<string, { row: UsageRow; sessionId: string }[]>();
  for (const one of seen) {
    if (one.type === 'usage') rows.set(one.messageKey, [...(rows.get(one.messageKey) ?? []), one]);
  }
  return rows;
}

function addRow(models: Map<string, ModelOracle> | undefined, { model, tokens }: UsageRow): void {
  const sum = models?.get(model) ?? {
    entries: 0,
    input: 0,
    output: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
  };
  models?.set(model, {
    entries: sum.entries + 1,
    input: sum.input + tokens.input,
    output: sum.output + tokens.output,
    cacheWrite5m: sum.cacheWrite5m + tokens.cacheWrite5m,
    cacheWrite1h: sum.cacheWrite1h + tokens.cacheWrite1h,
    cacheRead: sum.cacheRead + tokens.cacheRead,
  });
}
