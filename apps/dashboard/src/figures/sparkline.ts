import { Component, computed, input } from '@angular/core';

const width = 120;
const height = 26;

/** A line of how it has gone. Values are equidistant; one value or none draws nothing. */
@Component({
  selector: 'tt-sparkline',
  template: `
    @if (points(); as line) {
      <svg viewBox="0 0 120 28" preserveAspectRatio="none" aria-hidden="true">
        <polyline [attr.points]="line" />
      </svg>
    }
  `,
  styles: `
    :host {
      display: block;
      height: 28px;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    polyline {
      fill: none;
      stroke: var(--spark, var(--series-input));
      stroke-width: 1.6;
      stroke-linejoin: round;
      stroke-linecap: round;
      vector-effect: non-scaling-stroke;
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly number[]>();
  protected readonly points = computed(() => sparklinePoints(this.values()));
}

export function sparklinePoints(values: readonly number[]): string {
  if (values.length < 2) return '';
  const top = Math.max(...values);
  const step = width / (values.length - 1);
  return values
    .map(
      (value, i) =>
        `${(i * step).toFixed(1)},${(1 + height - (top > 0 ? value / top : 0) * height).toFixed(1)}`,
    )
    .join(' ');
}
