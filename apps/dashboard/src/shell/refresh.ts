import { Injectable, inject, signal } from '@angular/core';
import { FleetStore } from '../live/fleet-store';
import { LiveConnection } from '../live/live-connection';
import { PipelineStore } from '../live/pipeline-store';

const shortestMs = 500;

/** Manual refresh: asks for everything anew. Turns for half a second at least, so that one sees it did. */
@Injectable({ providedIn: 'root' })
export class Refresh {
  readonly #connection = inject(LiveConnection);
  readonly #fleet = inject(FleetStore);
  readonly #pipeline = inject(PipelineStore);
  readonly busy = signal(false);

  async now(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    const pause = new Promise((resolve) => setTimeout(resolve, shortestMs));
    await Promise.allSettled([this.#connection.refresh(), this.#fleet.reload(), this.#pipeline.ask(), pause]);
    this.busy.set(false);
  }
}
