import { Component, computed, input } from '@angular/core';
import type { ToolUsage } from '@telltale/contracts';
import { BarChartModule } from '@swimlane/ngx-charts';
import { counted } from '../figures/format';
import { duration } from '../time/durations';
import { chartScheme } from './chart-scheme';
import { measuredWidth } from './measured-width';

const rowHeight = 26;
/** With this height and padding every bar is 12 px high and stands in the middle of its 26 px row. */
const barPadding = 14;
/** The chart keeps margins for axes it does not show. */
const marginY = 10;
const most = 12;

/** Calls by tool, errors in red. The exact numbers stand beside the bars (session page), not in the chart. */
@Component({
  selector: 'tt-tools-chart',
  imports: [BarChartModule],
  template: `
    <div class="tt-chart bars" aria-hidden="true" [style.height.px]="height()">
      @if (width() > 0) {
        <ngx-charts-bar-horizontal-stacked
          [view]="[width() + 40, height()]"
          [scheme]="scheme"
          [results]="results()"
          [xAxis]="false"
          [yAxis]="false"
          [animations]="false"
          [barPadding]="barPadding"
          [showGridLines]="false"
        >
          <ng-template #tooltipTemplate let-model="model">{{ tip(model.label, model.series) }}</ng-template>
        </ngx-charts-bar-horizontal-stacked>
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
      overflow: hidden;
    }
    .bars {
      margin: -3px -20px;
    }
  `,
})
export class ToolsChart {
  readonly tools = input.required<readonly ToolUsage[]>();
  protected readonly width = measuredWidth();
  protected readonly barPadding = barPadding;
  protected readonly scheme = chartScheme(['var(--series-input)', 'var(--fail)']);
  readonly #shown = computed(() => this.tools().slice(0, most));
  protected readonly height = computed(() => this.#shown().length * rowHeight - barPadding + 2 * marginY);
  protected readonly results = computed(() =>
    this.#shown().map((tool) => ({
      name: tool.name,
      series: [
        { name: 'Succeeded', value: Math.max(0, tool.calls - tool.errors) },
        { name: 'Errors', value: tool.errors },
      ],
    })),
  );

  protected tip(kind: string, name: string): string {
    const tool = this.tools().find((candidate) => candidate.name === name);
    if (!tool) return name;
    const errors = tool.errors > 0 ? `, ${counted(tool.errors, 'error')}` : '';
    const median = tool.medianMs === null ? '' : `, median ${duration(tool.medianMs)}`;
    return `${name}: ${counted(tool.calls, 'call')}${errors}${median}`;
  }
}
