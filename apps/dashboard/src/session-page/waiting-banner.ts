import { Component, computed, input } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { Lamp } from '../figures/lamp';
import { sourceWords, unbroken } from '../figures/words';

/** What a session waits for a person to do, and where to do it. The eye must find it in a second. */
@Component({
  selector: 'tt-waiting-banner',
  imports: [Lamp],
  template: `
    <section aria-labelledby="waiting-heading">
      <tt-lamp status="waiting" />
      <div class="words">
        <h2 id="waiting-heading"><span class="visually-hidden">Waiting for you: </span>{{ what() }}</h2>
        <p class="where">Answer it where it runs: {{ where() }}</p>
      </div>
    </section>
  `,
  styles: `
    section {
      display: grid;
      grid-template-columns: 8px minmax(0, 1fr);
      gap: 14px;
      margin-bottom: var(--space-4);
      padding: 13px 18px 14px;
      border: 1px solid color-mix(in oklab, var(--wait) 50%, var(--hairline));
      border-radius: var(--radius);
      background: var(--wait-tint);
      box-shadow: inset 3px 0 var(--wait);
    }
    tt-lamp {
      margin-top: 8px;
    }
    h2 {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 4;
      font-size: 17px;
      font-weight: 580;
      line-height: 1.4;
      letter-spacing: -0.008em;
      overflow: hidden;
      overflow-wrap: anywhere;
    }
    .where {
      margin-top: 4px;
      color: var(--ink-soft);
      font-size: var(--text-small);
    }
    @media (max-width: 720px) {
      section {
        gap: 11px;
        padding: 12px 14px;
      }
      h2 {
        font-size: 15px;
      }
    }
  `,
})
export class WaitingBanner {
  readonly session = input.required<Session>();
  protected readonly what = computed(() =>
    unbroken(this.session().waitingFor ?? this.session().currentStep ?? 'An answer: it does not say which'),
  );
  protected readonly where = computed(() => {
    const { source, project, host } = this.session();
    return [sourceWords[source], ...(project ? [project.path] : []), `on ${host}`].join(' · ');
  });
}
