import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';
import { FleetStore } from '../live/fleet-store';

/** The title of the tab. Sessions that wait for a person are counted before it: it is seen from other tabs, too. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);
  readonly #fleet = inject(FleetStore);
  readonly #page = signal('');
  readonly #text = computed(() => {
    const waiting = this.#fleet.waiting();
    const page = this.#page() === '' ? 'Telltale' : `${this.#page()} · Telltale`;
    return waiting > 0 ? `(${waiting} waiting) ${page}` : page;
  });

  constructor() {
    super();
    effect(() => this.#title.setTitle(this.#text()));
  }

  /** The name of the page, without the product's. */
  set(page: string): void {
    this.#page.set(page);
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.set(this.buildTitle(snapshot) ?? '');
  }
}
