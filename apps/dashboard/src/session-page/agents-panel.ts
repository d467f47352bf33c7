import { Component, computed, input, signal } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { formatMoney, formatShare, formatTokens } from '../figures/format';
import { Lamp } from '../figures/lamp';
import { statusWords } from '../figures/words';
import { agentTree } from './agent-tree';

const atFirst = 12;

/** The agents of a session as a tree, each with its share. */
@Component({
  selector: 'tt-agents-panel',
  imports: [Lamp],
  template: `
    <section class="panel" aria-labelledby="agents-heading">
      <div class="panel-head">
        <h2 id="agents-heading">Agents</h2>
        <span class="faint">{{ nodes().length }}</span>
      </div>
      <ul class="tabular">
        @for (node of shown(); track node.id) {
          <li [style.padding-left.px]="15 + 18 * min(node.depth, 4)" [class.main]="node.depth === 0">
            <tt-lamp [status]="node.status" />
            <span class="name ellipsis" [title]="node.name + (node.detail ? ' · ' + node.detail : '')"
              >{{ node.name }}<span class="visually-hidden">, {{ statusWords[node.status] }}</span></span
            >
            <span class="share">{{ share(node.share, 1) }}</span>
            <span class="figure" [title]="tokens(node.tokens) + ' tokens'">{{
              node.costUsd === null ? tokens(node.tokens) : money(node.costUsd)
            }}</span>
            <span class="bar" aria-hidden="true"><b [style.width.%]="100 * node.share"></b></span>
          </li>
        }
      </ul>
      @if (nodes().length > atFirst) {
        <button type="button" class="quiet-button" [attr.aria-expanded]="all()" (click)="all.set(!all())">
          {{ all() ? 'Show fewer' : 'Show all ' + nodes().length }}
        </button>
      }
    </section>
  `,
  styleUrl: './agents-panel.css',
})
export class AgentsPanel {
  readonly session = input.required<Session>();
  protected readonly atFirst = atFirst;
  protected readonly all = signal(false);
  protected readonly nodes = computed(() => agentTree(this.session()));
  protected readonly shown = computed(() => (this.all() ? this.nodes() : this.nodes().slice(0, atFirst)));
  protected readonly statusWords = statusWords;
  protected readonly money = formatMoney;
  protected readonly tokens = formatTokens;
  protected readonly share = formatShare;
  protected readonly min = Math.min;
}
