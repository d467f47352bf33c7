import {
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  input,
  model,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { Screenshot, TestAction } from '@telltale/contracts';
import { EmptyState } from '../figures/empty-state';
import { Icon } from '../icons/icon';
import { fullTime } from '../time/durations';
import { actionsByStep, shotAlt, shotLabel, shotSize, shotStep } from './shot-words';

const swipePx = 50;

/**
 * One picture as large as it fits. A modal dialog: what lies below is inert, and Escape closes it.
 * Arrows, Home and End lead through the pictures; one that comes meanwhile does not move what is looked at.
 */
@Component({
  selector: 'tt-lightbox',
  imports: [EmptyState, Icon],
  templateUrl: './lightbox.html',
  styleUrl: './lightbox.css',
})
export class Lightbox {
  readonly screenshots = input.required<readonly Screenshot[]>();
  readonly actions = input<readonly TestAction[]>([]);
  /** The id of what is shown; null while closed. */
  readonly shown = model.required<string | null>();
  /** Closed: at this picture. */
  readonly closed = output<string>();

  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly first = viewChild<ElementRef<HTMLElement>>('first');
  protected readonly failed = signal<string | null>(null);
  protected readonly place = computed(() => this.screenshots().findIndex((shot) => shot.id === this.shown()));
  protected readonly shot = computed(() => this.screenshots()[this.place()]);
  readonly #did = computed(() => actionsByStep(this.actions()));
  protected readonly did = computed(() => this.#did().get(this.shot()?.step ?? -1) ?? '');
  protected readonly facts = computed(() => {
    const shot = this.shot();
    if (!shot) return [];
    return [shotStep(shot), shot.at === null ? '' : fullTime(shot.at), shotSize(shot)].filter(Boolean);
  });
  #touchX: number | undefined;

  constructor() {
    afterRenderEffect(() => {
      const dialog = this.dialog().nativeElement;
      const wanted = this.shot() !== undefined;
      if (wanted && !dialog.open) {
        dialog.showModal?.(); // jsdom knows no modal dialogs
        this.first()?.nativeElement.focus();
      }
      if (!wanted && dialog.open) dialog.close();
    });
    afterRenderEffect(() => this.#fetchNeighbours());
  }

  protected readonly label = shotLabel;

  protected alt(shot: Screenshot): string {
    return shotAlt(shot, this.did());
  }

  protected go(by: number): void {
    const next = this.screenshots()[this.place() + by];
    if (next) this.shown.set(next.id);
  }

  protected key(event: KeyboardEvent): void {
    if (event.key === 'Tab') return this.#keepWithin(event);
    const last = this.screenshots().length - 1;
    const to = {
      ArrowLeft: this.place() - 1,
      ArrowRight: this.place() + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.go(Math.min(last, Math.max(0, to)) - this.place());
  }

  protected close(): void {
    this.dialog().nativeElement.close();
  }

  /** By its button, by Escape, or because its session is shown no more. */
  protected left(): void {
    const at = this.shown();
    this.shown.set(null);
    if (at !== null) this.closed.emit(at);
  }

  /** A click on the ground around the picture closes it, too. */
  protected beside(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    if (target.classList.contains('stage') || target === event.currentTarget) this.close();
  }

  protected touched(event: TouchEvent): void {
    this.#touchX = event.touches.length === 1 ? event.touches[0]?.clientX : undefined;
  }

  protected swiped(event: TouchEvent): void {
    const by = (event.changedTouches[0]?.clientX ?? 0) - (this.#touchX ?? Number.NaN);
    this.#touchX = undefined;
    if (Math.abs(by) > swipePx) this.go(by < 0 ? 1 : -1);
  }

  /** Around the ends: between the browser's own parts and the dialog the arrows would lead nowhere. */
  #keepWithin(event: KeyboardEvent): void {
    const stops = this.dialog().nativeElement.querySelectorAll<HTMLElement>('a, button:not(:disabled)');
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (document.activeElement !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }

  /** The next step shows at once. */
  #fetchNeighbours(): void {
    const at = this.place();
    if (at < 0) return;
    for (const neighbour of [this.screenshots()[at + 1], this.screenshots()[at - 1]])
      if (neighbour) new Image().src = neighbour.url;
  }
}
