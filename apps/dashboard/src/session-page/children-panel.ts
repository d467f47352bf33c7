import { Component, computed, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Session, Summary } from '@telltale/contracts';
import { counted, formatMoney, formatTokens } from '../figures/format';
import { costHint, shownCost } from '../figures/reported-cost';
import { Lamp } from '../figures/lamp';
import { statusWords } from '../figures/words';
import { Ago } from '../time/ago';

const atFirst = 8;

/** The sessions that this one started, each with figures of its own, which this one's do not hold. */
@Component({
  selector: 'tt-children-panel',
  imports: [Ago, Lamp, RouterLink],
  template: `
    <section class="panel" aria-labelledby="children-heading">
      <div class="panel-head">
        <h2 id="children-heading">Child sessions</h2>
        <span class="faint">{{ children().length }}</span>
      </div>
      <ul class="tabular">
        @for (child of shown(); track child.id) {
          <li>
            <a [routerLink]="['/sessions', child.id]">
              <tt-lamp [status]="child.status" />
              <b class="ellipsis">{{ child.title ?? child.project?.name ?? 'Untitled session' }}</b>
              <span class="figure" [title]="hint(child)">{{ cost(child) }}</span>
              <span class="detail ellipsis"
                >{{ statusWords[child.status] }} · {{ tokens(child.stats.tokens.total) }} tok ·
                {{ messages(child) }}</span
              >
              <tt-ago [at]="child.lastActivityAt" />
            </a>
          </li>
        }
      </ul>
      @if (children().length > atFirst) {
        <button type="button" class="quiet-button" [attr.aria-expanded]="all()" (click)="all.set(!all())">
          {{ all() ? 'Show fewer' : 'Show all ' + children().length }}
        </button>
      }
      <p class="together tabular">
        <span>Together with this one</span><b>{{ together() }}</b>
      </p>
    </section>
  `,
  styleUrl: './children-panel.css',
})
export class ChildrenPanel {
  readonly session = input.required<Session>();
  readonly children = input.required<readonly Summary[]>();
  protected readonly atFirst = atFirst;
  protected readonly all = signal(false);
  protected readonly statusWords = statusWords;
  protected readonly tokens = formatTokens;
  protected readonly messages = (child: Summary): string => counted(child.stats.messages, 'message');
  protected readonly shown = computed(() =>
    this.all() ? this.children() : this.children().slice(0, atFirst),
  );
  protected readonly together = computed(() => {
    const stats = [this.session(), ...this.children()].map((session) => session.stats);
    const priced = stats.map((each) => each.costUsd).filter((cost) => cost !== null);
    const tokens = formatTokens(stats.reduce((sum, each) => sum + each.tokens.total, 0));
    if (priced.length === 0) return `${tokens} tok`;
    return `${formatMoney(priced.reduce((sum, cost) => sum + cost, 0))} · ${tokens} tok`;
  });

  protected readonly cost = ({ stats }: Summary): string => shownCost(stats);
  protected readonly hint = ({ stats }: Summary): string => costHint(stats);
}
