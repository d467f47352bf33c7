import { Injectable, computed, inject, signal } from '@angular/core';
import type { Pipeline } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';

const againMs = 3000;

export interface BackfillProgress {
  readonly files: number;
  /** 0–1; null where it cannot be told yet. */
  readonly share: number | null;
}

/** Whether a first reading of the transcripts is still under way; asked for only as long as it is. */
@Injectable({ providedIn: 'root' })
export class PipelineStore {
  readonly #api = inject(TelltaleApi);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  readonly #pipeline = signal<Pipeline | null>(null);

  readonly backfill = computed<BackfillProgress | null>(() => backfillOf(this.#pipeline()));

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#ask();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#pipeline.set(null);
  }

  async #ask(): Promise<void> {
    let again = true;
    try {
      const pipeline = await this.#api.get<Pipeline>('/pipeline');
      if (!this.#running) return;
      this.#pipeline.set(pipeline);
      again = backfillOf(pipeline) !== null;
    } catch {
      // not there yet, or away: asked again as long as the page is open
    }
    if (again && this.#running) this.#timer = setTimeout(() => void this.#ask(), againMs);
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
