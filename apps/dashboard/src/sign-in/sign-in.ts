import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { ActivatedRoute, Router } from '@angular/router';
import { ApiError } from '../api/telltale-api';
import { Icon } from '../icons/icon';
import { CurrentUser } from './current-user';

/** Signs in by password, or by itself with the token of a one-time link: `/sign-in#token=…`. */
@Component({
  selector: 'tt-sign-in',
  imports: [FormsModule, Icon],
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.css',
})
export class SignIn {
  readonly #user = inject(CurrentUser);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);

  protected readonly username = signal('admin');
  protected readonly password = signal('');
  protected readonly shown = signal(false);
  protected readonly busy = signal<'no' | 'link' | 'password'>('no');
  protected readonly problem = signal<{ title: string; linkHelp: boolean } | null>(null);

  constructor() {
    const token = linkToken(location.hash);
    if (token !== null) void this.#useLink(token);
  }

  protected async signIn(): Promise<void> {
    if (this.busy() !== 'no') return;
    if (this.username() === '' || this.password() === '') {
      return this.problem.set({ title: 'Enter a username and a password.', linkHelp: false });
    }
    await this.#try('password', () => this.#user.signIn(this.username(), this.password()));
  }

  async #useLink(token: string): Promise<void> {
    // the token must stay neither in the address bar nor in the history
    history.replaceState(history.state, '', location.pathname + location.search);
    await this.#try('link', () => this.#user.signInWithLink(token));
  }

  async #try(how: 'link' | 'password', attempt: () => Promise<void>): Promise<void> {
    this.busy.set(how);
    this.problem.set(null);
    try {
      await attempt();
      await this.#router.navigateByUrl(safeReturn(this.#route.snapshot.queryParamMap.get('returnTo')));
    } catch (error) {
      this.problem.set(explain(how, error));
    } finally {
      this.busy.set('no');
    }
  }
}

function linkToken(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token');
}

/** Only within this page: `//elsewhere` would leave it. */
function safeReturn(url: string | null): string {
  return url !== null && /^\/(?![/\\])/.test(url) && !url.startsWith('/sign-in') ? url : '/';
}

function explain(how: 'link' | 'password', error: unknown): { title: string; linkHelp: boolean } {
  const status = error instanceof ApiError ? error.status : -1;
  if (status === 0)
    return { title: 'Telltale does not answer. Is it running? Try again in a moment.', linkHelp: false };
  if (status === 429) return { title: 'Too many attempts. Wait a minute, then try again.', linkHelp: false };
  if (how === 'link' && status >= 400 && status < 500) {
    return { title: 'This sign-in link was used already or has expired. Each works once.', linkHelp: true };
  }
  if (status === 400 || status === 401)
    return { title: 'Username and password do not match.', linkHelp: true };
  return {
    title: error instanceof ApiError ? error.message : 'Something unexpected happened.',
    linkHelp: true,
  };
}
