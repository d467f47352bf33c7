import { Injectable, computed, inject, signal } from '@angular/core';
import type { Pipeline } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { hostsOf } from './hosts';

const readingMs = 3000;
const calmMs = 5000;

export interface BackfillProgress {
  readonly files: number;
  /** 0–1; null where it cannot be told yet. */
  readonly share: number | null;
}
export type PipelineLoad = 'loading' | 'ready' | 'failed';

/** The hosts and how far their first reading is; asked for every few seconds while the page is looked at. */
@Injectable({ providedIn: 'root' })
export class PipelineStore {
  readonly #api = inject(TelltaleApi);
  readonly #answer = signal<{ readonly pipeline: Pipeline; readonly at: number } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  readonly load = signal<PipelineLoad>('loading');
  /** Why the last question had no answer; '' where it had one. What was known before stays. */
  readonly failure = signal('');
  readonly backfill = computed<BackfillProgress | null>(() => backfillOf(this.#answer()?.pipeline ?? null));
  readonly hosts = computed(() => hostsOf(this.#answer()?.pipeline ?? null, this.#answer()?.at ?? 0));
  readonly silentHosts = computed(() => this.hosts().filter((host) => host.silent).length);

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.ask();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#answer.set(null);
    this.load.set('loading');
    this.failure.set('');
  }

  /** Asks now, and then again and again. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    if (!document.hidden) await this.#read();
    if (!this.#running) return;
    clearTimeout(this.#timer); // of a question that was asked meanwhile
    this.#timer = setTimeout(() => void this.ask(), this.backfill() === null ? calmMs : readingMs);
  }

  async #read(): Promise<void> {
    try {
      const pipeline = await this.#api.get<Pipeline>('/pipeline');
      if (!this.#running) return;
      this.#answer.set({ pipeline, at: this.#api.gatewayTime() });
      this.failure.set('');
      this.load.set('ready');
    } catch (error) {
      this.failure.set(error instanceof ApiError ? error.message : 'Something unexpected happened.');
      if (this.load() === 'loading') this.load.set('failed');
    }
  }
}

/** Facts that are on their way at any moment of live work. */
const fewFacts = 100;

function lags({ caughtUp, partitions }: Pipeline): boolean {
  if (caughtUp || partitions.length === 0) return !caughtUp;
  return partitions.reduce((sum, { lag }) => sum + lag, 0) > fewFacts;
}

/** Null where everything is caught up, but for what has been written just now. */
export function backfillOf(pipeline: Pipeline | null): BackfillProgress | null {
  if (!pipeline) return null;
  const reading = pipeline.watchers.filter((watcher) => !watcher.backfill.done);
  if (reading.length === 0 && !lags(pipeline)) return null;
  const counted = reading.length > 0 ? reading : pipeline.watchers;
  const total = counted.reduce((sum, watcher) => sum + watcher.backfill.totalBytes, 0);
  const done = counted.reduce((sum, watcher) => sum + watcher.backfill.doneBytes, 0);
  return {
    files: counted.reduce((sum, watcher) => sum + watcher.files, 0),
    share: total > 0 ? Math.min(1, done / total) : null,
  };
}
