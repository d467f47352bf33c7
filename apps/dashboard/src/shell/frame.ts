import { Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Icon } from '../icons/icon';
import { Lamp } from '../figures/lamp';
import { statusWords } from '../figures/words';
import { byAttention } from '../live/fleet-state';
import { FleetStore } from '../live/fleet-store';
import { PipelineStore } from '../live/pipeline-store';
import { BackfillStrip } from './backfill-strip';
import { Refresh } from './refresh';
import { SignedInLife } from './signed-in-life';
import { Theme } from './theme';
import { UserMenu } from './user-menu';

const railSessions = 8;

/** What stands around every page: the rail with what is active now; on a phone a bottom bar. */
@Component({
  selector: 'tt-frame',
  imports: [BackfillStrip, Icon, Lamp, RouterLink, RouterLinkActive, RouterOutlet, UserMenu],
  templateUrl: './frame.html',
  styleUrl: './frame.css',
})
export class Frame {
  readonly #fleet = inject(FleetStore);
  protected readonly theme = inject(Theme);
  protected readonly refresh = inject(Refresh);
  protected readonly statusWords = statusWords;
  protected readonly activeCount = computed(() => this.#fleet.active().length);
  protected readonly waitingCount = this.#fleet.waiting;
  protected readonly silentHosts = inject(PipelineStore).silentHosts;
  /** By start, so that nothing in the rail moves while sessions take turns at being the latest. */
  protected readonly active = computed(() =>
    [...this.#fleet.active()]
      .sort(byAttention)
      .slice(0, railSessions)
      .sort((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? 1 : -1)),
  );

  constructor() {
    inject(SignedInLife).start();
  }
}
