import type { Tokens } from '@telltale/contracts';
import { tokensOf } from '../counting';
import type { Item } from './item';
import { candidateSlot, type StoredUsage } from './usage-candidate';

/** What a message used, counted once: for the session that owns it. */
export interface MessageUsage {
  readonly tokens: Tokens;
  /** Pico-dollars; null where none of it could be priced. */
  readonly costPico: bigint | null;
}

/** An item as it is after a batch. */
export interface ToldItem {
  readonly item: Item;
  /** Undefined where it used nothing, or another session counts it. */
  readonly usage: MessageUsage | undefined;
}

interface Rows {
  readonly items: readonly Item[];
  readonly usage: readonly StoredUsage[];
}

/**
 * The items that a batch changes, and those of which it changes what they used.
 *
 * @param before every claim and candidate of every touched key
 * @param isGone whether a session is deleted: its rows are going
 */
export function toldItems(before: Rows, changed: Rows, isGone: (sessionId: string) => boolean): ToldItem[] {
  const rows = new Map<string, StoredUsage>();
  for (const row of before.usage) if (!isGone(row.sessionId)) rows.set(candidateSlot(row), row);
  const moved = new Set<string>();
  for (const row of changed.usage) {
    const slot = candidateSlot(row);
    for (const { messageKey, owner } of [row, rows.get(slot) ?? row])
      moved.add(idOf(messageKey, owner ?? ''));
    rows.set(slot, row);
  }
  const usage = usageByMessage(rows.values());
  const ids = new Set(changed.items.map(({ key, sessionId }) => idOf(key, sessionId)));
  const others = before.items.filter((item) => {
    const id = idOf(item.key, item.sessionId);
    return item.kind === 'assistant' && moved.has(id) && !ids.has(id);
  });
  return [...changed.items, ...others].map((item) => ({
    item,
    usage: item.kind === 'assistant' ? usage.get(idOf(item.key, item.sessionId)) : undefined,
  }));
}

function usageByMessage(rows: Iterable<StoredUsage>): Map<string, MessageUsage> {
  const byMessage = new Map<string, MessageUsage>();
  for (const { messageKey, owner, row, costPico } of rows) {
    if (owner === null) continue;
    const id = idOf(messageKey, owner);
    const known = byMessage.get(id);
    byMessage.set(
      id,
      known ? sum(known, { tokens: row.tokens, costPico }) : { tokens: row.tokens, costPico },
    );
  }
  return byMessage;
}

function sum(a: MessageUsage, b: MessageUsage): MessageUsage {
  const costPico = a.costPico === null ? b.costPico : a.costPico + (b.costPico ?? 0n);
  return {
    tokens: tokensOf({
      input: a.tokens.input + b.tokens.input,
      output: a.tokens.output + b.tokens.output,
      cacheWrite5m: a.tokens.cacheWrite5m + b.tokens.cacheWrite5m,
      cacheWrite1h: a.tokens.cacheWrite1h + b.tokens.cacheWrite1h,
      cacheRead: a.tokens.cacheRead + b.tokens.cacheRead,
      reasoning: a.tokens.reasoning + b.tokens.reasoning,
    }),
    costPico,
  };
}

function idOf(key: string, sessionId: string): string {
  return `${key}\0${sessionId}`;
}
