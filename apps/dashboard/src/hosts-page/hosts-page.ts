import { Component, DestroyRef, computed, inject, signal } from '@angular/core';
import type { SessionFacets } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';
import { EmptyState } from '../figures/empty-state';
import { counted } from '../figures/format';
import { Icon } from '../icons/icon';
import { PipelineStore } from '../live/pipeline-store';
import { TopBar } from '../shell/top-bar';
import { HostCard } from './host-card';

const countsEveryMs = 10_000;

/** The hosts that are watched: which live, what they read, and which have gone silent. */
@Component({
  selector: 'tt-hosts-page',
  imports: [EmptyState, HostCard, Icon, TopBar],
  templateUrl: './hosts-page.html',
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(420px, 100%), 1fr));
      gap: var(--space-4);
      align-items: start;
    }
    .panel .skeleton {
      height: 190px;
      margin: 16px;
    }
    .stale {
      display: flex;
      align-items: center;
      gap: 9px;
      margin-bottom: var(--space-4);
      color: var(--fail-ink);
      font-size: var(--text-dense);
    }
  `,
})
export class HostsPage {
  readonly #api = inject(TelltaleApi);
  protected readonly pipeline = inject(PipelineStore);
  protected readonly hosts = this.pipeline.hosts;
  protected readonly skeletons = [0, 1];
  /** How many sessions each host has; empty while that is not known. */
  protected readonly sessions = signal<ReadonlyMap<string, number>>(new Map());
  protected readonly summary = computed(() => {
    const silent = this.pipeline.silentHosts();
    const all = counted(this.hosts().length, 'host');
    return silent === 0 ? `${all} · all live` : `${all} · ${silent} silent`;
  });

  constructor() {
    void this.#count();
    const timer = setInterval(() => void this.#count(), countsEveryMs);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  async #count(): Promise<void> {
    if (document.hidden) return;
    try {
      const { host } = await this.#api.get<SessionFacets>('/facets');
      this.sessions.set(new Map(host.map(({ key, count }) => [key, count])));
    } catch {
      // the last known counts stay
    }
  }
}
