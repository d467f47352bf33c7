import { Component, ElementRef, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Summary } from '@telltale/contracts';
import { formatTokens } from '../figures/format';
import { Frames } from '../figures/frames';
import { Lamp, lampTone } from '../figures/lamp';
import { Motion } from '../figures/motion';
import { Pips } from '../figures/pips';
import { costHint, shownCost } from '../figures/reported-cost';
import { SourceMark } from '../figures/source-mark';
import { Sparkline } from '../figures/sparkline';
import { Step } from '../figures/step';
import { isActive, sourceWords, statusWords, unbroken } from '../figures/words';
import { Ago } from '../time/ago';

const glowEveryMs = 1500;

/** A session as a sentence: what, where, what it does now, how it has gone, what it cost, how long ago. */
@Component({
  selector: 'tt-session-row',
  imports: [Ago, Frames, Lamp, Pips, RouterLink, SourceMark, Sparkline, Step],
  templateUrl: './session-row.html',
  styleUrl: './session-row.css',
})
export class SessionRow {
  readonly session = input.required<Summary>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #motion = inject(Motion);
  protected readonly tone = computed(() => lampTone(this.session().status));
  protected readonly active = computed(() => isActive(this.session().status));
  protected readonly title = computed(
    () => this.session().title ?? this.session().project?.name ?? 'Untitled session',
  );
  protected readonly source = computed(() => sourceWords[this.session().source]);
  protected readonly status = computed(() => statusWords[this.session().status]);
  protected readonly shortStatus = computed(() =>
    this.session().status === 'waiting' ? 'Waiting' : this.status(),
  );
  protected readonly activity = computed(() => this.session().activity.map((bucket) => bucket.tokens));
  /** Nothing could be priced, but the tool says a figure of its own. */
  protected readonly theirs = computed(() => {
    const { costUsd, reportedCostUsd } = this.session().stats;
    return costUsd === null && reportedCostUsd !== null;
  });
  protected readonly cost = computed(() => shownCost(this.session().stats));
  protected readonly costHint = computed(() => costHint(this.session().stats));
  protected readonly tokens = computed(() => formatTokens(this.session().stats.tokens.total));
  protected readonly waitsFor = computed(() => this.session().waitingFor ?? this.session().currentStep ?? '');
  /** What failed; tools that begin with the word themselves are not made to say it twice. */
  protected readonly failure = computed(() =>
    (this.session().currentStep ?? '').replace(/^failed:?\s*/i, ''),
  );
  protected readonly unbroken = unbroken;
  #glowed = 0;
  #revision: string | undefined;

  constructor() {
    effect(() => this.#glow(this.session().revision));
  }

  /** The sentence for a session that is at rest. */
  protected readonly rest = computed(() => {
    const { stats, currentStep } = this.session();
    const { completed, total } = stats.objectives;
    if (total > 0) return `${this.status()} after ${completed} of ${total} objectives`;
    // the last thing it said: "Completed" stands in the row already
    const said = (currentStep ?? '').replace(/^#+\s*/, '');
    return /\p{L}/u.test(said) ? said : this.status();
  });

  #glow(revision: string): void {
    const changed = this.#revision !== undefined && this.#revision !== revision;
    this.#revision = revision;
    const now = performance.now();
    if (!changed || now - this.#glowed < glowEveryMs || this.#motion.reduced()) return;
    this.#glowed = now;
    // jsdom has no animations
    this.#host.animate?.(
      { backgroundColor: ['var(--go-tint)', 'transparent'] },
      { duration: 1200, easing: 'ease-out' },
    );
  }
}
