import {
  Component,
  DestroyRef,
  ElementRef,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { Source, Status } from '@telltale/contracts';
import { Icon } from '../icons/icon';
import { formatCount } from './format';
import { Lamp } from './lamp';
import { SourceMark } from './source-mark';

export interface FilterOption {
  readonly value: string;
  readonly name: string;
  /** How many it would show; null where that is not known. */
  readonly count: number | null;
  readonly source?: Source;
  readonly status?: Status;
}
type Choice = Omit<FilterOption, 'value'> & { readonly value: string | null };

const widest = 320;
let made = 0;

/**
 * One choice of a filter, with how many each would show. A list box in the browser's own popover: it closes by
 * Escape and by a click elsewhere, lies above everything, and gives the focus back.
 */
@Component({
  selector: 'tt-filter-menu',
  imports: [Icon, Lamp, SourceMark],
  templateUrl: './filter-menu.html',
  styleUrl: './filter-menu.css',
})
export class FilterMenu {
  readonly label = input.required<string>();
  /** What stands for no filter: `Any source`. */
  readonly any = input.required<string>();
  readonly options = input.required<readonly FilterOption[]>();
  readonly value = input.required<string | null>();
  /** How many there are without this filter. */
  readonly total = input<number | null>(null);
  readonly chosen = output<string | null>();

  private readonly button = viewChild.required<ElementRef<HTMLElement>>('button');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  #whileOpen: AbortController | undefined;
  protected readonly id = `filter-menu-${++made}`;
  protected readonly count = formatCount;
  protected readonly open = signal(false);
  /** The option that Enter would take. */
  protected readonly at = signal(0);
  protected readonly choices = computed<readonly Choice[]>(() => [
    { value: null, name: this.any(), count: this.total() },
    ...this.options(),
  ]);
  protected readonly marked = computed(() =>
    this.options().some((option) => option.source !== undefined || option.status !== undefined),
  );
  protected readonly chosenName = computed(
    () => this.choices().find((choice) => choice.value === this.value())?.name ?? this.any(),
  );

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#whileOpen?.abort());
  }

  /** Before it shows: below its button, from that edge from which it fits. */
  protected place(event: Event): void {
    if (!('newState' in event) || event.newState !== 'open') return;
    this.at.set(
      Math.max(
        0,
        this.choices().findIndex((choice) => choice.value === this.value()),
      ),
    );
    const rect = this.button().nativeElement.getBoundingClientRect();
    const { style } = this.list().nativeElement;
    const fromLeft = rect.left + widest < innerWidth;
    style.top = `${rect.bottom + 5}px`;
    style.left = fromLeft ? `${rect.left}px` : 'auto';
    style.right = fromLeft ? 'auto' : `${Math.max(12, document.documentElement.clientWidth - rect.right)}px`;
  }

  protected toggled(event: Event): void {
    this.open.set('newState' in event && event.newState === 'open');
    this.#whileOpen?.abort();
    if (!this.open()) return;
    this.list().nativeElement.focus({ preventScroll: true });
    // what it stands below may move away
    this.#whileOpen = new AbortController();
    const { signal } = this.#whileOpen;
    for (const moved of ['scroll', 'resize']) addEventListener(moved, () => this.hide(), { signal });
  }

  protected openByKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    this.list().nativeElement.showPopover();
  }

  protected key(event: KeyboardEvent): void {
    const last = this.choices().length - 1;
    const moves: Record<string, number> = {
      ArrowDown: Math.min(last, this.at() + 1),
      ArrowUp: Math.max(0, this.at() - 1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key] ?? (event.key.length === 1 ? this.#startingWith(event.key) : undefined);
    if (event.key === 'Enter' || event.key === ' ') {
      const choice = this.choices()[this.at()];
      if (choice) this.choose(choice);
    } else if (event.key === 'Tab') return this.hide();
    else if (to === undefined) return;
    else this.at.set(to);
    event.preventDefault();
    document.getElementById(`${this.id}-${this.at()}`)?.scrollIntoView?.({ block: 'nearest' });
  }

  protected choose(choice: Choice): void {
    this.hide();
    if (choice.value !== this.value()) this.chosen.emit(choice.value);
  }

  protected hide(): void {
    if (this.open()) this.list().nativeElement.hidePopover();
  }

  /** The next one that begins with the letter, around the end. */
  #startingWith(letter: string): number | undefined {
    const names = this.choices().map((choice) => choice.name.toLowerCase());
    const from = this.at() + 1;
    const order = [...names.keys()].map((i) => (from + i) % names.length);
    return order.find((i) => names[i]?.startsWith(letter.toLowerCase()));
  }
}
