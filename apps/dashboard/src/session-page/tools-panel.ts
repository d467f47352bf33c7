import { Component, computed, input } from '@angular/core';
import type { ToolUsage } from '@telltale/contracts';
import { ToolsChart } from '../charts/tools-chart';
import { counted, formatCount } from '../figures/format';
import { toolName } from '../figures/words';
import { duration } from '../time/durations';

const most = 12;

/** Which tools were called how often, errors in red. The numbers are said beside the bars. */
@Component({
  selector: 'tt-tools-panel',
  imports: [ToolsChart],
  template: `
    <section class="panel" aria-labelledby="tools-heading">
      <div class="panel-head">
        <h2 id="tools-heading">Tools</h2>
        @if (tools().length > 0) {
          <span class="faint">{{ summary() }}</span>
        }
      </div>
      @if (tools().length === 0) {
        <p class="none">No tool was called yet.</p>
      } @else {
        <div class="chart">
          <ul class="names" aria-hidden="true">
            @for (tool of shown(); track tool.name) {
              <li class="ellipsis" [title]="tool.name">{{ name(tool.name) }}</li>
            }
          </ul>
          @defer (on viewport; prefetch on idle) {
            <tt-tools-chart [tools]="tools()" />
          } @placeholder {
            <div class="bars" aria-hidden="true">
              @for (tool of shown(); track tool.name) {
                <span class="skeleton" [style.width.%]="(100 * tool.calls) / (shown()[0]?.calls ?? 1)"></span>
              }
            </div>
          } @error {
            <div title="The bars could not be loaded; the numbers are beside."></div>
          }
          <ul class="tabular">
            @for (tool of shown(); track tool.name) {
              <li [title]="details(tool)">
                <span class="visually-hidden">{{ tool.name }}: </span>{{ count(tool.calls)
                }}<span class="visually-hidden"> calls, {{ tool.errors }} errors</span>
              </li>
            }
          </ul>
        </div>
        @if (tools().length > shown().length) {
          <p class="rest">and {{ tools().length - shown().length }} more</p>
        }
      }
    </section>
  `,
  styleUrl: './tools-panel.css',
})
export class ToolsPanel {
  readonly tools = input.required<readonly ToolUsage[]>();
  protected readonly shown = computed(() => this.tools().slice(0, most));
  protected readonly count = formatCount;
  protected readonly name = toolName;
  protected readonly summary = computed(() => {
    const errors = this.tools().reduce((sum, tool) => sum + tool.errors, 0);
    return errors > 0 ? counted(errors, 'error') : 'no errors';
  });

  protected details(tool: ToolUsage): string {
    const parts = [counted(tool.calls, 'call')];
    if (tool.errors > 0) parts.push(counted(tool.errors, 'error'));
    if (tool.medianMs !== null) parts.push(`median ${duration(tool.medianMs)}`);
    if (tool.p95Ms !== null) parts.push(`95 % within ${duration(tool.p95Ms)}`);
    return parts.join(' · ');
  }
}
