import { Component, computed, input } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { counted, formatMoney, formatShare, formatTokens } from '../figures/format';
import { TokenSplit } from '../figures/token-split';

/** What each model took. A model without a price is named as one, not shown as $0. */
@Component({
  selector: 'tt-models-panel',
  imports: [TokenSplit],
  template: `
    <section class="panel" aria-labelledby="models-heading">
      <div class="panel-head">
        <h2 id="models-heading">Models</h2>
        <span class="faint">{{ models().length }}</span>
      </div>
      <ul class="tabular">
        @for (row of models(); track row.model) {
          <li>
            <span class="name ellipsis" [title]="row.model">{{ row.model }}</span>
            <span class="share">{{ row.share }}</span>
            @if (row.costUsd === null) {
              <span class="figure unpriced" title="Not in the price table">no price</span>
            } @else {
              <span class="figure">{{ money(row.costUsd) }}</span>
            }
            <tt-token-split [tokens]="row.tokens" />
            <span class="detail">{{ row.detail }}</span>
          </li>
        }
      </ul>
    </section>
  `,
  styles: `
    ul {
      padding: 6px 0 8px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto 62px;
      gap: 4px 10px;
      align-items: baseline;
      padding: 6px 15px;
      font-size: var(--text-dense);
    }
    .name {
      font-weight: 550;
    }
    .share,
    .detail {
      color: var(--ink-faint);
      font-size: var(--text-small);
    }
    .figure {
      text-align: right;
      white-space: nowrap;
    }
    .unpriced {
      color: var(--wait-ink);
      font-size: var(--text-small);
    }
    tt-token-split,
    .detail {
      grid-column: 1 / -1;
    }
    .detail {
      font-size: var(--text-tiny);
    }
  `,
})
export class ModelsPanel {
  readonly session = input.required<Session>();
  protected readonly money = formatMoney;
  protected readonly models = computed(() => {
    const { tokensByModel, stats } = this.session();
    return [...tokensByModel]
      .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0) || b.tokens.total - a.tokens.total)
      .map((row) => ({
        ...row,
        share: row.costUsd === null ? '' : formatShare(row.costUsd, stats.costUsd ?? 0),
        detail: `${formatTokens(row.tokens.total)} tok · ${counted(row.messages, 'answer')}`,
      }));
  });
}
