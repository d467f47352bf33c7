import { Component, computed, input } from '@angular/core';
import type { Timeline } from '@telltale/contracts';
import { AreaChartModule } from '@swimlane/ngx-charts';
import { formatTokens } from '../figures/format';
import { tokenSeries, type TokenSeries } from '../figures/token-split';
import { axisTime } from '../time/durations';
import { chartScheme } from './chart-scheme';
import { measuredWidth } from './measured-width';
import { tokenPoints } from './token-points';

/** Output at the bottom: it is what was made; what was read lies above. */
const order: readonly TokenSeries[] = ['output', 'input', 'cache-write', 'cache-read'];

/** Up to so many points each has its label. */
const fewPoints = 8;

/** Tokens over time, stacked by kind. */
@Component({
  selector: 'tt-token-chart',
  imports: [AreaChartModule],
  template: `
    <div class="tt-chart stacked" role="img" [attr.aria-label]="words()">
      @if (width() > 0) {
        <ngx-charts-area-chart-stacked
          [view]="[width(), 220]"
          [scheme]="scheme()"
          [results]="results()"
          [xAxis]="true"
          [yAxis]="true"
          [animations]="false"
          [xAxisTicks]="ticks()!"
          [xAxisTickFormatting]="time()"
          [yAxisTickFormatting]="tokens"
        >
          <ng-template #seriesTooltipTemplate let-model="model">
            <div class="tt-tip">
              <b>{{ time()(model[0].name) }}</b>
              @for (item of model; track item.series) {
                <span>{{ item.series }}</span><span>{{ tokens(item.value) }}</span>
              }
            </div>
          </ng-template>
        </ngx-charts-area-chart-stacked>
      }
    </div>
  `,
  styles: ':host { display: block; height: 220px; overflow: hidden; }',
})
export class TokenChart {
  readonly timeline = input.required<Timeline>();
  readonly shown = input.required<ReadonlySet<TokenSeries>>();

  protected readonly width = measuredWidth();
  readonly #points = computed(() => tokenPoints(this.timeline()));
  readonly #series = computed(() => order.filter((key) => this.shown().has(key)));
  protected readonly scheme = computed(() =>
    chartScheme(this.#series().map((key) => `var(--series-${key})`)),
  );
  protected readonly results = computed(() =>
    this.#series().map((key) => ({
      name: tokenSeries.find((series) => series.key === key)?.name ?? key,
      series: this.#points().map((point) => ({ name: point.at, value: point.values[key] })),
    })),
  );
  protected readonly time = computed(() => {
    const points = this.#points();
    const span = (points.at(-1)?.at.getTime() ?? 0) - (points[0]?.at.getTime() ?? 0);
    return (at: Date): string => axisTime(at, span);
  });
  /** Of a few minutes each is named once; of more the chart finds round ones. */
  protected readonly ticks = computed<Date[] | undefined>(() => {
    const times = this.#points().map((point) => point.at);
    return times.length <= fewPoints ? times : undefined;
  });
  protected readonly words = computed(() => {
    const sums = this.results().map(({ name, series }) => {
      const sum = series.reduce((total, point) => total + point.value, 0);
      return `${name} ${formatTokens(sum)}`;
    });
    return `Tokens over time: ${sums.join(', ')}.`;
  });
  protected readonly tokens = formatTokens;
}
