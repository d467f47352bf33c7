import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Lamp } from '../figures/lamp';
import { hostFilesWords, hostStateWords } from '../hosts-page/host-words';
import { Icon } from '../icons/icon';
import { PipelineStore } from '../live/pipeline-store';
import { Clock } from '../time/clock';

const most = 6;

/** Which hosts are heard, in short. With a single one that is well there is nothing to say. */
@Component({
  selector: 'tt-hosts-panel',
  // Where nothing is said it takes no place between its neighbours either.
  host: { '[hidden]': 'hosts().length === 0' },
  imports: [Icon, Lamp, RouterLink],
  template: `
    @if (hosts().length > 0) {
      <section class="panel" aria-labelledby="hosts-heading">
        <div class="panel-head">
          <h2 id="hosts-heading">Hosts</h2>
          <span class="gap"></span>
          <a class="quiet-button" routerLink="/hosts">All {{ all() }}<tt-icon name="chevron-right" /></a>
        </div>
        <ul class="tabular">
          @for (host of hosts(); track host.host) {
            <li [class.silent]="host.silent">
              <tt-lamp [status]="host.silent ? 'failed' : 'running'" />
              <b class="ellipsis">{{ host.host }}</b>
              <span>{{ words(host) }}</span>
            </li>
          }
        </ul>
      </section>
    }
  `,
  styles: `
    :host([hidden]) {
      display: none;
    }
    ul {
      padding: 6px 0;
    }
    li {
      display: grid;
      grid-template-columns: 8px minmax(0, 1fr) auto;
      gap: 10px;
      align-items: center;
      min-height: 30px;
      padding: 3px 15px;
      font-size: var(--text-dense);
    }
    b {
      font-weight: 550;
    }
    span {
      color: var(--ink-faint);
      font-size: var(--text-small);
    }
    .silent span {
      color: var(--fail-ink);
    }
    tt-icon {
      width: 11px;
      height: 11px;
    }
  `,
})
export class HostsPanel {
  readonly #pipeline = inject(PipelineStore);
  readonly #clock = inject(Clock);
  protected readonly all = computed(() => this.#pipeline.hosts().length);
  protected readonly hosts = computed(() => {
    const hosts = this.#pipeline.hosts();
    return hosts.length > 1 || hosts.some((host) => host.silent) ? hosts.slice(0, most) : [];
  });

  protected words(host: ReturnType<typeof this.hosts>[number]): string {
    const state = hostStateWords(host, this.#clock.second());
    return state === 'Live' ? hostFilesWords(host) : state;
  }
}
