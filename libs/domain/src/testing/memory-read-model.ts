import type { Source } from '@telltale/contracts';
import { priceOf, priceTableVersion } from '../pricing';
import { candidateSlot } from '../projecting/usage-candidate';
import { BatchDraft, project, viewOf, type Item, type SessionState, type StoredUsage } from '../projecting';
import type { Observation } from '../observation';

const clock = Date.UTC(2100, 0, 1);

/** The read model in memory: what Postgres holds, for the laws of the projection. */
export class MemoryReadModel {
  readonly items = new Map<string, Item>();
  readonly usage = new Map<string, StoredUsage>();
  readonly sessions = new Map<string, SessionState>();
  /** Tokens, messages, prompts and cost by session, bucket and model; calls by session, bucket and tool. */
  readonly rollups = new Map<string, Map<string, number | bigint>>();

  /** Projects one batch, as one transaction would. */
  apply(observations: readonly Observation[], source: Source = 'claude-code'): void {
    const draft = new BatchDraft();
    for (const observation of observations) draft.add(observation, source, clock);
    this.commit(draft);
  }

  /** The session is deleted for good. */
  delete(sessionId: string, source: Source = 'claude-code'): void {
    const draft = new BatchDraft();
    draft.delete(sessionId, source);
    this.commit(draft);
  }

  private commit(draft: BatchDraft): void {
    // Everything is in reach here: ownership can be decided again wherever a start moved.
    const changes = project(
      draft,
      { items: [...this.items.values()], usage: [...this.usage.values()], sessions: new Map(this.sessions) },
      { version: priceTableVersion, priceOf: ({ row }) => priceOf(row).pico ?? null },
    );
    for (const id of changes.deleted) this.removeSums(id);
    for (const claim of changes.removed) this.removeClaim(claim);
    for (const item of changes.items) this.items.set(`${item.key}\n${item.sessionId}`, item);
    for (const usage of changes.usage) this.usage.set(candidateSlot(usage), usage);
    for (const { after } of changes.sessions) this.sessions.set(after.id, after);
    for (const { sessionId, bucket, model, prompts, usage } of changes.rollups) {
      const {
        input,
        output,
        cacheWrite5m,
        cacheWrite1h,
        cacheRead,
        reasoning,
        costPico,
        priced,
        unpriced,
        messages,
      } = usage;
      const added = {
        prompts,
        input,
        output,
        cacheWrite5m,
        cacheWrite1h,
        cacheRead,
        reasoning,
        costPico,
        priced,
        unpriced,
        messages,
      };
      this.add(`${sessionId}\n${bucket}\n${model}`, added);
    }
    for (const { sessionId, bucket, tool, calls, errors } of changes.toolRollups)
      this.add(`${sessionId}\n${bucket}\ntool ${tool}`, { calls, errors });
  }

  /** All that is shown, at one fixed now: places in the log aside. */
  shown(): unknown {
    return {
      sessions: [...this.sessions.values()]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((state) => {
          const { summary, detail } = viewOf(state, clock);
          return { summary, detail };
        }),
      items: [...this.items.values()]
        .sort((a, b) => (`${a.key}\n${a.sessionId}` < `${b.key}\n${b.sessionId}` ? -1 : 1))
        .map(({ parts, ...item }) => ({ ...item, parts: parts.map(({ u }) => u) })),
      rollups: [...this.rollups]
        .map(
          ([key, sums]) =>
            [
              key,
              Object.fromEntries(
                [...sums].filter(([, sum]) => sum !== 0 && sum !== 0n).map(([n, s]) => [n, String(s)]),
              ),
            ] as const,
        )
        .filter(([, sums]) => Object.keys(sums).length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    };
  }

  private removeSums(id: string): void {
    for (const key of this.rollups.keys()) if (key.startsWith(`${id}\n`)) this.rollups.delete(key);
  }

  private removeClaim({ key, sessionId }: { readonly key: string; readonly sessionId: string }): void {
    this.items.delete(`${key}\n${sessionId}`);
    for (const [slot, row] of this.usage)
      if (row.messageKey === key && row.sessionId === sessionId) this.usage.delete(slot);
  }

  private add(key: string, added: Record<string, number | bigint>): void {
    const sums = this.rollups.get(key) ?? new Map<string, number | bigint>();
    for (const [name, value] of Object.entries(added)) {
      const known = sums.get(name);
      sums.set(name, typeof value === 'bigint' ? BigInt(known ?? 0) + value : Number(known ?? 0) + value);
    }
    this.rollups.set(key, sums);
  }
}
