import { Component, computed, inject, input } from '@angular/core';
import type { RateLimit } from '@telltale/contracts';
import { Ago } from '../time/ago';
import { Clock } from '../time/clock';
import { duration, fullTime } from '../time/durations';

const hour = 60;
const day = 24 * hour;
const high = 80;

/** `5-hour window`, `7-day window`, or the name that the tool gives it. */
export function limitName({ name, windowMinutes }: RateLimit): string {
  if (windowMinutes === null || windowMinutes <= 0) return name.charAt(0).toUpperCase() + name.slice(1);
  if (windowMinutes % day === 0) return `${windowMinutes / day}-day window`;
  return windowMinutes % hour === 0
    ? `${windowMinutes / hour}-hour window`
    : `${windowMinutes}-minute window`;
}

/** How much of the account's limits was used when the tool read them last. */
@Component({
  selector: 'tt-limits-panel',
  imports: [Ago],
  template: `
    <section class="panel" aria-labelledby="limits-heading">
      <div class="panel-head">
        <h2 id="limits-heading">Rate limits</h2>
        <span class="gap"></span>
        @if (readAt(); as at) {
          <span class="faint">read <tt-ago [at]="at" /> ago</span>
        }
      </div>
      <ul class="tabular">
        @for (limit of limits(); track limit.key) {
          <li [class.high]="limit.high" [class.past]="limit.past">
            <span [title]="limit.written">{{ limit.name }}</span>
            <b>{{ limit.used }}</b>
            <span class="bar" aria-hidden="true"><i [style.width.%]="limit.percent"></i></span>
            <span class="resets" [title]="limit.resetsAt">{{ limit.resets }}</span>
          </li>
        }
      </ul>
    </section>
  `,
  styles: `
    ul {
      padding: 7px 0 9px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 4px 10px;
      align-items: baseline;
      padding: 6px 15px;
      color: var(--ink-soft);
      font-size: var(--text-dense);
    }
    b {
      color: var(--ink);
      font-weight: 560;
    }
    .bar {
      grid-column: 1 / -1;
      height: 7px;
      border-radius: 3px;
      background: var(--raised);
      overflow: hidden;
    }
    i {
      display: block;
      height: 100%;
      border-radius: 3px;
      background: var(--series-input);
      transition: width 0.3s ease;
    }
    .high i {
      background: var(--wait);
    }
    .high b {
      color: var(--wait-ink);
    }
    .past i {
      background: var(--calm);
    }
    .past b {
      color: var(--ink-soft);
      font-weight: 450;
    }
    .resets {
      grid-column: 1 / -1;
      color: var(--ink-faint);
      font-size: var(--text-tiny);
    }
  `,
})
export class LimitsPanel {
  readonly rateLimits = input.required<readonly RateLimit[]>();
  readonly #clock = inject(Clock);
  protected readonly readAt = computed(
    () =>
      this.rateLimits()
        .map((limit) => limit.at ?? '')
        .sort()
        .at(-1) || null,
  );
  protected readonly limits = computed(() =>
    this.rateLimits().map((limit, i) => {
      const percent = Math.min(100, Math.max(0, limit.usedPercent));
      const past = limit.resetsAt !== null && Date.parse(limit.resetsAt) <= this.#clock.minute();
      return {
        key: `${i} ${limit.name}`,
        name: limitName(limit),
        written: limit.name,
        percent,
        past,
        high: !past && percent >= high,
        used: `${past ? 'was ' : ''}${Math.round(limit.usedPercent)} % used`,
        resets: this.#resets(limit),
        resetsAt: limit.resetsAt === null ? '' : fullTime(limit.resetsAt),
      };
    }),
  );

  #resets({ resetsAt }: RateLimit): string {
    if (resetsAt === null) return 'When it resets is not known.';
    const left = Date.parse(resetsAt) - this.#clock.minute();
    return left > 0
      ? `Resets in ${duration(Math.max(60_000, left)).replace(/ 0 [smh]$| \d+ s$/, '')}`
      : 'Has been reset since.';
  }
}
