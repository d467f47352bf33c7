import {
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { Screenshot, TestAction } from '@telltale/contracts';
import { Icon } from '../icons/icon';
import { clockTime } from '../time/durations';
import { Lightbox } from './lightbox';
import { actionsByStep, shotAlt, shotLabel, shotStep, thumbWidth } from './shot-words';

const height = 116;
/** So near the end the strip follows what comes. */
const endPx = 60;

/** The pictures of a run in the order they were taken. Grows at its end and follows it; each opens large. */
@Component({
  selector: 'tt-filmstrip',
  imports: [Icon, Lightbox],
  templateUrl: './filmstrip.html',
  styleUrl: './filmstrip.css',
})
export class Filmstrip {
  readonly screenshots = input.required<readonly Screenshot[]>();
  readonly actions = input<readonly TestAction[]>([]);
  readonly running = input(false);

  private readonly strip = viewChild<ElementRef<HTMLElement>>('strip');
  protected readonly height = height;
  /** The one that is shown large. */
  protected readonly opened = signal<string | null>(null);
  protected readonly focused = signal<string | null>(null);
  protected readonly broken = signal<ReadonlySet<string>>(new Set());
  protected readonly atEnd = signal(true);
  /** What came while the page was open. */
  protected readonly fresh = linkedSignal<readonly Screenshot[], ReadonlySet<string>>({
    source: this.screenshots,
    computation: (now, before) => {
      if (!before) return new Set();
      const known = new Set(before.source.map((shot) => shot.id));
      const added = now.filter((shot) => !known.has(shot.id)).map((shot) => shot.id);
      return added.length === 0 ? before.value : new Set([...before.value, ...added]);
    },
  });
  readonly #did = computed(() => actionsByStep(this.actions()));
  /** One stop of the tab key for the whole strip; the arrows lead on from there. */
  protected readonly stop = computed(() => {
    const at = this.screenshots().findIndex((shot) => shot.id === this.focused());
    return at < 0 ? this.screenshots().length - 1 : at;
  });

  constructor() {
    let drawn = 0;
    afterRenderEffect(() => {
      const count = this.screenshots().length;
      const strip = this.strip()?.nativeElement;
      if (!strip || count === drawn) return;
      const first = drawn === 0;
      drawn = count;
      // a run that is over is looked at from its beginning, one that goes on from its end
      const follow = first ? untracked(this.running) : untracked(this.atEnd);
      if (follow) this.#scrollTo(strip.scrollWidth, first);
      else this.scrolled(strip);
    });
  }

  protected readonly label = shotLabel;
  protected readonly widthOf = (shot: Screenshot): number => thumbWidth(shot, height);

  protected alt(shot: Screenshot): string {
    return shotAlt(shot, this.#did().get(shot.step ?? -1) ?? '');
  }

  protected when(shot: Screenshot): string {
    return [shotStep(shot), shot.at === null ? '' : clockTime(shot.at)].filter(Boolean).join(' · ');
  }

  protected fails(id: string): void {
    this.broken.update((broken) => new Set([...broken, id]));
  }

  protected scrolled(strip: HTMLElement): void {
    this.atEnd.set(strip.scrollLeft + strip.clientWidth >= strip.scrollWidth - endPx);
  }

  protected toEnd(): void {
    this.#scrollTo(this.strip()?.nativeElement.scrollWidth ?? 0, false);
  }

  protected key(event: KeyboardEvent): void {
    const last = this.screenshots().length - 1;
    const to = { ArrowRight: this.stop() + 1, ArrowLeft: this.stop() - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#focus(Math.min(last, Math.max(0, to)));
  }

  /** The large view was left at another picture than it was opened from: the focus goes on from there. */
  protected back(id: string): void {
    this.focused.set(id);
    this.#focus(this.stop());
  }

  #focus(at: number): void {
    this.strip()?.nativeElement.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus();
  }

  #scrollTo(left: number, atOnce: boolean): void {
    // jsdom cannot scroll; the style sheet of the browser says how smoothly it does
    this.strip()?.nativeElement.scrollTo?.({ left, behavior: atOnce ? 'instant' : 'smooth' });
    this.atEnd.set(true);
  }
}
