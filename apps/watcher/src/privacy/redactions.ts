import type { WatcherHeartbeat } from '@telltale/contracts';
import { Counter, type Registry } from 'prom-client';

/** How many secrets were masked in what was published, since the watcher began. */
export class Redactions {
  private readonly byRule = new Map<string, number>();

  add(secrets: ReadonlyMap<string, number>): void {
    for (const [rule, count] of secrets) this.byRule.set(rule, (this.byRule.get(rule) ?? 0) + count);
  }

  snapshot(): NonNullable<WatcherHeartbeat['redacted']> {
    const byRule = Object.fromEntries([...this.byRule].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { total: sumOf(this.byRule), byRule };
  }

  /** As a counter with the rule as its label. */
  register(registry: Registry): void {
    const { byRule } = this;
    new Counter({
      name: 'telltale_watcher_redacted_total',
      help: 'Secrets masked before publishing',
      labelNames: ['rule'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [rule, count] of byRule) this.inc({ rule }, count);
      },
    });
  }
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
