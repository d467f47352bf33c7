import type { Fetch } from '../api/telltale-api';

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly etag?: string;
  /** The gateway's time. */
  readonly date?: string;
}

/** Answers what the page asks over HTTP, and keeps what was asked. An undefined answer is an unreachable gateway. */
export class FakeGateway {
  readonly requests: Request[] = [];

  constructor(public answer: (request: Request) => Answer | undefined) {}

  readonly fetch: Fetch = async (url, init) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const headers = { ...(init.headers as Record<string, string> | undefined) };
    const request = { method: init.method ?? 'GET', url, headers, body };
    this.requests.push(request);
    const answer = this.answer(request);
    if (!answer) throw new TypeError('Failed to fetch');
    return response(answer);
  };

  asked(path: string): Request[] {
    return this.requests.filter((request) => request.url.startsWith(`/api${path}`));
  }
}

/** jsdom has no Response. */
function response({ status = 200, body, etag, date }: Answer): Response {
  const text = body === undefined ? '' : JSON.stringify(body);
  const partial: Partial<Response> = {
    ok: status >= 200 && status < 300,
    status,
    statusText: String(status),
    headers: { get: (name: string) => ({ ETag: etag, Date: date })[name] ?? null } as Headers,
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
  };
  return partial as Response;
}
