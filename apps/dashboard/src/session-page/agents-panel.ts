import { Component, computed, input, signal } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { counted, formatMoney, formatShare, formatTokens } from '../figures/format';
import { Lamp } from '../figures/lamp';
import { isActive, shortModel, statusWords } from '../figures/words';
import { agentTree, type AgentNode } from './agent-tree';

const atFirst = 12;
/** Levels that are drawn: below there is no room, and no more to see. */
const deepest = 4;

/** The agents of a session as a tree, each with its share. */
@Component({
  selector: 'tt-agents-panel',
  imports: [Lamp],
  template: `
    <section class="panel" aria-labelledby="agents-heading">
      <div class="panel-head">
        <h2 id="agents-heading">Agents</h2>
        <span class="faint">{{ nodes().length }}</span>
        @if (working() > 0) {
          <span class="gap"></span>
          <span class="faint">{{ working() }} at work</span>
        }
      </div>
      <ul class="tabular">
        @for (node of shown(); track node.id) {
          <li [class.main]="node.depth === 0" [class.rest]="!isActive(node.status)">
            @for (level of levels(node.depth); track level) {
              <i class="guide" aria-hidden="true" [style.left.px]="18 + 16 * level"></i>
            }
            <div [style.padding-left.px]="16 * min(node.depth, deepest)">
              <tt-lamp [status]="node.status" />
              <span class="name ellipsis" [title]="node.name">{{ node.name }}</span>
              <span class="share">{{ share(node.share, 1) }}</span>
              <span class="figure">{{
                node.costUsd === null ? tokens(node.tokens) : money(node.costUsd)
              }}</span>
              <span class="detail" [title]="calls(node)">{{ detail(node) }}</span>
              <span class="bar" aria-hidden="true"><b [style.width.%]="100 * node.share"></b></span>
            </div>
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
  protected readonly money = formatMoney;
  protected readonly tokens = formatTokens;
  protected readonly share = formatShare;
  protected readonly min = Math.min;
  protected readonly isActive = isActive;
  protected readonly deepest = deepest;
  protected readonly working = computed(
    () => this.nodes().filter((node) => node.depth > 0 && isActive(node.status)).length,
  );

  protected levels(depth: number): number[] {
    return Array.from({ length: Math.min(depth, deepest) }, (_, level) => level);
  }

  protected detail({ type, model, status, tokens }: AgentNode): string {
    return [
      ...(type ? [type] : []),
      statusWords[status].toLowerCase(),
      ...(model ? [shortModel(model)] : []),
      `${formatTokens(tokens)} tok`,
    ].join(' · ');
  }

  protected calls({ toolCalls, model }: AgentNode): string {
    return [...(model ? [model] : []), counted(toolCalls, 'tool call')].join(' · ');
  }
}
