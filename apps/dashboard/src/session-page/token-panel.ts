import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { ChartMissing } from '../charts/chart-missing';
import { TokenChart } from '../charts/token-chart';
import { tokenSeries, type TokenSeries } from '../figures/token-split';
import { TimelineStore } from './timeline-store';

/** Tokens over time. Cache reads dwarf everything else, so they show only when asked for. */
@Component({
  selector: 'tt-token-panel',
  imports: [ChartMissing, TokenChart],
  providers: [TimelineStore],
  template: `
    <section class="panel" aria-labelledby="tokens-heading">
      <div class="panel-head">
        <h2 id="tokens-heading">Tokens over time</h2>
        <span class="gap"></span>
        <div class="legend" role="group" aria-label="Series">
          @for (series of legend; track series.key) {
            <button type="button" [attr.aria-pressed]="shown().has(series.key)" (click)="toggle(series.key)">
              <i [class]="series.key"></i>{{ series.name }}
            </button>
          }
        </div>
      </div>
      <div class="chart">
        @if (store.timeline(); as timeline) {
          @if (timeline.points.length > 0) {
            @defer (on immediate) {
              <tt-token-chart [timeline]="timeline" [shown]="shown()" />
            } @placeholder {
              <span class="skeleton"></span>
            } @error {
              <tt-chart-missing />
            }
          } @else {
            <p class="faint">No tokens used yet.</p>
          }
        } @else if (store.failed()) {
          <p class="faint">
            The timeline could not be loaded; it is asked for again with the session’s next change.
          </p>
        } @else {
          <span class="skeleton"></span>
        }
      </div>
    </section>
  `,
  styleUrl: './token-panel.css',
})
export class TokenPanel {
  readonly sessionId = input.required<string>();
  readonly revision = input.required<string>();
  protected readonly store = inject(TimelineStore);
  protected readonly legend = tokenSeries;
  readonly #hidden = signal<ReadonlySet<TokenSeries>>(new Set(['cache-read']));
  protected readonly shown = computed<ReadonlySet<TokenSeries>>(
    () => new Set(tokenSeries.map((series) => series.key).filter((key) => !this.#hidden().has(key))),
  );

  constructor() {
    effect(() => this.store.follow(this.sessionId(), this.revision()));
  }

  /** One series at least stays. */
  protected toggle(key: TokenSeries): void {
    if (this.shown().size === 1 && this.shown().has(key)) return;
    this.#hidden.update((hidden) => {
      const next = new Set(hidden);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }
}
