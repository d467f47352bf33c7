import { pushLimits } from '@telltale/contracts';

/** In any case of letters, and with a slash at its end or not, as the router takes paths. */
const pushPath = /^\/api\/sessions(?:\/[^/]+\/(?:chat|end))?\/?$/i;
const openPath = /^\/api\/auth\/(?:login|sign-in)\/?$/i;

/** Where bodies of nobody in particular are read: a name and a password, in whatever way they are escaped. */
const openBytes = 16 * 1024;
const otherBytes = 100 * 1024;

/** Bytes of a body that this path takes. */
export function bodyLimit(method: string, path: string): number {
  if (openPath.test(path)) return openBytes;
  return isPush(method, path) ? pushLimits.bodyBytes : otherBytes;
}

/** Pushed requests are counted before their bodies are read. */
export function isPush(method: string, path: string): boolean {
  return method === 'POST' && pushPath.test(path);
}

/** Nobody has to be signed in here for the body to be read. */
export function isOpenToBodies(path: string): boolean {
  return openPath.test(path);
}
