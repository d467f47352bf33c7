import type { ServiceStatus } from '@telltale/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LatencyWindow } from './latency-window';
import { Rate } from './rate';
import { work, type Work } from './work';

export interface MeasuredState {
  files(): number;
  bytesBehind(): number;
}

const workMetrics: Readonly<Record<keyof Work, { readonly name: string; readonly help: string }>> = {
  stats: { name: 'telltale_watcher_stats_total', help: 'Files and folders looked at by stat' },
  listings: { name: 'telltale_watcher_listings_total', help: 'Folders listed' },
  opens: { name: 'telltale_watcher_opens_total', help: 'Files opened for reading' },
  bytesRead: { name: 'telltale_watcher_read_bytes_total', help: 'Bytes read from files' },
  rowsRead: { name: 'telltale_watcher_read_rows_total', help: 'Rows read from stores' },
};

/** What the watcher counts of itself, for `/metrics` and for its status. */
export class Measures {
  private readonly facts: Counter;
  private readonly bytes: Counter;
  private readonly conflicts: Counter;
  private readonly latency: Histogram;
  private readonly factRate = new Rate();
  private readonly byteRate = new Rate();
  private readonly window = new LatencyWindow();

  constructor(registry: Registry, state: MeasuredState) {
    const registers = [registry];
    this.facts = new Counter({ name: 'telltale_watcher_facts_total', help: 'Facts published', registers });
    this.bytes = new Counter({
      name: 'telltale_watcher_bytes_total',
      help: 'Bytes of files published',
      registers,
    });
    this.conflicts = new Counter({
      name: 'telltale_watcher_conflicts_total',
      help: 'Facts that another one preceded',
      registers,
    });
    this.latency = new Histogram({
      name: 'telltale_watcher_append_to_fact_seconds',
      help: 'From the sight of an append to its place in the log',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2, 10],
      registers,
    });
    new Gauge({
      name: 'telltale_watcher_files',
      help: 'Files watched',
      registers,
      collect() {
        this.set(state.files());
      },
    });
    new Gauge({
      name: 'telltale_watcher_behind_bytes',
      help: 'Bytes not in the log',
      registers,
      collect() {
        this.set(state.bytesBehind());
      },
    });
    exportWork(registry);
  }

  stored(bytes: number, latencyMs: number | undefined): void {
    this.facts.inc();
    this.bytes.inc(bytes);
    this.factRate.add(1);
    this.byteRate.add(bytes);
    if (latencyMs === undefined) return;
    this.latency.observe(latencyMs / 1000);
    this.window.add(latencyMs);
  }

  conflict(): void {
    this.conflicts.inc();
  }

  rates(): NonNullable<ServiceStatus['rates']> {
    return { factsPerS: this.factRate.perSecond(), bytesPerS: this.byteRate.perSecond(), deltasPerS: 0 };
  }

  latencyMs(): NonNullable<ServiceStatus['latencyMs']> {
    const unknown = { p50: null, p99: null };
    return {
      appendToFact: this.window.percentiles(),
      factToCommit: unknown,
      commitToEmit: unknown,
      appendToEmit: unknown,
    };
  }
}

function exportWork(registry: Registry): void {
  for (const key of Object.keys(work) as (keyof Work)[]) {
    new Counter({
      ...workMetrics[key],
      registers: [registry],
      collect() {
        this.reset();
        this.inc(work[key]);
      },
    });
  }
}
