import { Injectable, InjectionToken, inject, signal } from '@angular/core';
import type { Problem } from '@telltale/contracts';

export type Query = Readonly<Record<string, string | number | undefined>>;
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The browser's fetch; a test hands in its own. */
export const browserFetch = new InjectionToken<Fetch>('fetch', {
  providedIn: 'root',
  factory: () => (url: string, init: RequestInit) => fetch(url, init),
});

/** The gateway answered with an error, or (status 0) could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

export type Polled<T> =
  { readonly changed: false } | { readonly changed: true; readonly value: T; readonly etag: string | null };

/** The gateway's REST interface, prefix `/api`. The session cookie rides along; no token is kept in script. */
@Injectable({ providedIn: 'root' })
export class TelltaleApi {
  readonly #fetch = inject(browserFetch);
  /** Counts answers of 401 outside of signing in: the session has ended. */
  readonly unauthorized = signal(0);
  /** How far the gateway's clock is ahead of ours, to the second: its answers say what time it is there. */
  #aheadMs = 0;

  /** Epoch milliseconds by the gateway's clock, as far as it is known. */
  gatewayTime(): number {
    return Date.now() + this.#aheadMs;
  }

  /** @throws ApiError */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    const response = await this.#send(address(path, query), { method: 'GET' });
    return (await response.json()) as T;
  }

  /** Asks with If-None-Match; a poll that finds nothing new costs almost nothing. @throws ApiError */
  async poll<T>(path: string, query: Query, etag: string | null): Promise<Polled<T>> {
    const headers: Record<string, string> = etag === null ? {} : { 'If-None-Match': etag };
    // no-store: the browser's own cache would answer 200 for a 304
    const response = await this.#send(address(path, query), { method: 'GET', headers, cache: 'no-store' });
    if (response.status === 304) return { changed: false };
    return { changed: true, value: (await response.json()) as T, etag: response.headers.get('ETag') };
  }

  /** Undefined where the answer has no body. @throws ApiError */
  async post<T>(path: string, body: unknown): Promise<T | undefined> {
    const response = await this.#send(address(path, {}), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return text === '' ? undefined : (JSON.parse(text) as T);
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const response = await this.#reach(url, init);
    this.#hearTime(response.headers.get('Date'));
    if (response.ok || response.status === 304) return response;
    if (response.status === 401 && !url.startsWith('/api/auth/'))
      this.unauthorized.update((count) => count + 1);
    const problem = await readProblem(response);
    throw new ApiError(
      response.status,
      problem?.detail ?? problem?.title ?? response.statusText,
      problem?.field,
    );
  }

  /** Within a second or two it is the header's rounding and the way here, not the clock. */
  #hearTime(date: string | null): void {
    const ahead = Date.parse(date ?? '') - Date.now();
    if (!Number.isNaN(ahead)) this.#aheadMs = Math.abs(ahead) < 2000 ? 0 : ahead;
  }

  async #reach(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, { credentials: 'same-origin', ...init });
    } catch {
      // fetch rejects only where there was no answer at all; what went wrong is not told to scripts
      throw new ApiError(0, 'The gateway cannot be reached.');
    }
  }
}

function address(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `/api${path}${text === '' ? '' : `?${text}`}`;
}

async function readProblem(response: Response): Promise<Partial<Problem> | undefined> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return undefined; // a proxy's own error page: the status says enough
  }
}
