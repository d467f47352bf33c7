import type { TestGateway } from './test-gateway';

/** A request with a JSON body; its answer's status and body. */
export interface Sent {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Sent>;

/** Sends as an administrator, unless `headers` say who. */
export function sender(gateway: () => TestGateway): Send {
  return async (method, path, body, headers = gateway().bearer('admin')) => {
    const response = await gateway().fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  };
}

export function bearerOf(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
