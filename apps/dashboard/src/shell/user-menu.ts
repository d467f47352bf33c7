import { Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { Icon } from '../icons/icon';
import { CurrentUser } from '../sign-in/current-user';
import { SignedInLife } from './signed-in-life';

/** Who is signed in, and the way out. A disclosure: closes on Escape and when the focus leaves it. */
@Component({
  selector: 'tt-user-menu',
  imports: [Icon],
  templateUrl: './user-menu.html',
  styleUrl: './user-menu.css',
  host: { '(focusout)': 'closeWhenLeft($event)', '(keydown.escape)': 'close()' },
})
export class UserMenu {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #life = inject(SignedInLife);
  protected readonly user = inject(CurrentUser).user;
  protected readonly open = signal(false);
  protected readonly toggle = viewChild.required<ElementRef<HTMLButtonElement>>('toggle');
  protected readonly initial = computed(() => (this.user()?.username ?? '?').slice(0, 1).toUpperCase());

  protected close(): void {
    if (!this.open()) return;
    this.open.set(false);
    this.toggle().nativeElement.focus();
  }

  protected closeWhenLeft(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (next instanceof Node && this.#host.contains(next)) return;
    this.open.set(false);
  }

  protected signOut(): void {
    this.open.set(false);
    void this.#life.signOut();
  }
}
