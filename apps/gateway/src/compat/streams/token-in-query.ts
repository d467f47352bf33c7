import type { NextFunction, Request, Response } from 'express';

/**
 * `?access_token=` for routes that browsers open without headers of their own (EventSource). Everywhere else it is
 * refused: addresses end up in histories and logs.
 */
export function tokenInQuery(request: Request, _response: Response, next: NextFunction): void {
  const token = queryToken(request.originalUrl);
  if (token !== undefined) request.headers.authorization ??= `Bearer ${token}`;
  next();
}

/** Undefined where there is none. Two are no credential: nobody can tell which is meant. */
export function queryToken(url: string): string | undefined {
  const at = url.indexOf('?');
  if (at < 0) return undefined;
  const tokens = new URLSearchParams(url.slice(at + 1)).getAll('access_token');
  return tokens.length === 0 ? undefined : tokens.length === 1 ? tokens[0] : '';
}
