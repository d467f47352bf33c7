import { Injectable, computed, signal } from '@angular/core';

export type ThemeName = 'dark' | 'light';
const storageKey = 'telltale.theme'; // public/theme.js reads it before the first paint

/** Follows the system until the user chooses; the choice is kept. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #system = signal<ThemeName>('dark');
  readonly #chosen = signal<ThemeName | null>(stored());
  readonly name = computed<ThemeName>(() => this.#chosen() ?? this.#system());

  constructor() {
    const query = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: light)') : undefined;
    if (!query) return;
    this.#system.set(query.matches ? 'light' : 'dark');
    query.addEventListener('change', (event) => this.#system.set(event.matches ? 'light' : 'dark'));
  }

  toggle(): void {
    const next = this.name() === 'dark' ? 'light' : 'dark';
    this.#chosen.set(next);
    document.documentElement.dataset['theme'] = next;
    try {
      localStorage.setItem(storageKey, next);
    } catch {
      // storage may be blocked; the choice then lasts as long as the page
    }
  }
}

function stored(): ThemeName | null {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}
