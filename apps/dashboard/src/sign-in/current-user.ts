import { Injectable, inject, signal } from '@angular/core';
import type { LoginResponse, User } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';

/** Who is signed in. The proof is an httpOnly cookie; the page only knows the name and the role. */
@Injectable({ providedIn: 'root' })
export class CurrentUser {
  readonly #api = inject(TelltaleApi);
  readonly user = signal<User | null>(null);

  /** True where a user is signed in, asking the gateway the first time. @throws ApiError other than 401 */
  async known(): Promise<boolean> {
    if (this.user()) return true;
    try {
      this.user.set(await this.#api.get<User>('/auth/me'));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false;
      throw error;
    }
  }

  /** @throws ApiError */
  async signIn(username: string, password: string): Promise<void> {
    this.#enter(await this.#api.post<LoginResponse>('/auth/login', { username, password }));
  }

  /** The token of a one-time link. @throws ApiError */
  async signInWithLink(token: string): Promise<void> {
    this.#enter(await this.#api.post<LoginResponse>('/auth/sign-in', { token }));
  }

  async signOut(): Promise<void> {
    try {
      await this.#api.post('/auth/logout', {});
    } finally {
      this.user.set(null);
    }
  }

  #enter(answer: LoginResponse | undefined): void {
    if (answer) this.user.set(answer.user);
  }
}
