import { Component, computed, input } from '@angular/core';
import { LineChartModule } from '@swimlane/ngx-charts';
import { formatMoney } from '../figures/format';
import type { Hour } from '../live/today-store';
import { chartScheme } from './chart-scheme';
import { measuredWidth } from './measured-width';

/** Cost per hour of the local day. */
@Component({
  selector: 'tt-cost-chart',
  imports: [LineChartModule],
  template: `
    <div class="tt-chart line" role="img" [attr.aria-label]="words()">
      @if (width() > 0) {
        <ngx-charts-line-chart
          [view]="[width(), 170]"
          [scheme]="scheme"
          [results]="results()"
          [xAxis]="true"
          [yAxis]="true"
          [animations]="false"
          [showGridLines]="true"
          [yScaleMax]="top()"
          [xAxisTickFormatting]="hourOnly"
          [yAxisTickFormatting]="axisMoney"
          [xAxisTicks]="ticks()"
        >
          <ng-template #tooltipTemplate let-model="model"
            >{{ model.name }}:00 · {{ money(model.value) }}</ng-template
          >
          <ng-template #seriesTooltipTemplate let-model="model">
            {{ model[0]?.name }}:00 – <b>{{ money(model[0]?.value ?? 0) }}</b>
          </ng-template>
        </ngx-charts-line-chart>
      }
    </div>
  `,
  styles: ':host { display: block; height: 170px; overflow: hidden; }',
})
export class CostChart {
  readonly hours = input.required<readonly Hour[]>();
  protected readonly width = measuredWidth();
  protected readonly scheme = chartScheme(['var(--series-output)']);

  /** From the first hour that cost something; an hour before it, so that the line has a beginning. */
  readonly #shown = computed(() => {
    const hours = this.hours();
    const first = hours.findIndex((hour) => hour.costUsd > 0);
    return hours.slice(Math.max(0, Math.min(first < 0 ? 0 : first - 1, hours.length - 6)));
  });
  protected readonly results = computed(() => [
    { name: 'Cost', series: this.#shown().map((hour) => ({ name: label(hour.hour), value: hour.costUsd })) },
  ]);
  protected readonly top = computed(
    () => 1.15 * Math.max(0.01, ...this.#shown().map((hour) => hour.costUsd)),
  );
  protected readonly ticks = computed(() => {
    const shown = this.#shown();
    const step = Math.max(1, Math.ceil(shown.length / 6));
    return shown.filter((_, i) => (shown.length - 1 - i) % step === 0).map((hour) => label(hour.hour));
  });
  protected readonly words = computed(() => {
    const shown = this.#shown();
    const most = shown.reduce((a, b) => (b.costUsd > a.costUsd ? b : a), shown[0] ?? { hour: 0, costUsd: 0 });
    return `Cost per hour today. Most in the hour from ${label(most.hour)}:00: ${formatMoney(most.costUsd)}.`;
  });
  protected readonly money = formatMoney;
  protected readonly axisMoney = (value: number): string =>
    value < 1 ? formatMoney(value) : `$${value.toFixed(0)}`;
  protected readonly hourOnly = (value: string): string => value;
}

function label(hour: number): string {
  return String(hour).padStart(2, '0');
}
