import { Injectable, effect, inject, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { TelltaleApi } from '../api/telltale-api';
import { FleetStore } from '../live/fleet-store';
import { LiveConnection } from '../live/live-connection';
import { PipelineStore } from '../live/pipeline-store';
import { TodayStore } from '../live/today-store';
import { CurrentUser } from '../sign-in/current-user';

/** Starts the live stores with the signed-in frame, and ends everything on sign-out or an expired session. */
@Injectable({ providedIn: 'root' })
export class SignedInLife {
  readonly #api = inject(TelltaleApi);
  readonly #router = inject(Router);
  readonly #user = inject(CurrentUser);
  readonly #connection = inject(LiveConnection);
  readonly #stores = [inject(FleetStore), inject(TodayStore), inject(PipelineStore)] as const;
  #seen = 0;

  constructor() {
    effect(() => {
      const count = this.#api.unauthorized();
      if (count === this.#seen) return;
      this.#seen = count;
      untracked(() => void this.#leave(this.#router.url));
    });
  }

  start(): void {
    for (const store of this.#stores) store.start();
  }

  async signOut(): Promise<void> {
    await this.#user.signOut().catch(() => undefined); // signed out here, whether the gateway heard it or not
    await this.#leave('/');
  }

  async #leave(returnTo: string): Promise<void> {
    this.#user.user.set(null);
    this.#connection.stop();
    for (const store of this.#stores) store.stop();
    if (returnTo.startsWith('/sign-in')) return;
    await this.#router.navigate(['/sign-in'], { queryParams: returnTo === '/' ? {} : { returnTo } });
  }
}
