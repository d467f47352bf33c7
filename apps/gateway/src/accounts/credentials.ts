import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie } from 'cookie';

/** Cookies do not know of ports: the name keeps two gateways on one host apart. */
export function cookieName(port: number): string {
  return `telltale_${port}`;
}

/** The token a request brings: the Authorization header or, where there is none, the cookie. */
export function credentialOf(headers: IncomingHttpHeaders, cookie: string): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  return parseCookie(headers.cookie ?? '')[cookie];
}
