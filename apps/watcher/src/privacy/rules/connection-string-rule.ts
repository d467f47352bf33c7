import { exactly, glance, spanOf, stickyOf, type Rule } from './rule';
import { isReference } from './references';

/** How far before the `@` a URL's scheme may begin. */
const longestUserInfo = 320;
const url = stickyOf(
  /[a-z][a-z0-9+.-]{1,20}: ?\/ ?\/[^\s:@/"'`<>]{0,128}:(?<secret>[^\s@"'`<>/]{1,200})@[A-Za-z0-9[$%_{]/i,
);
const scheme = /[A-Za-z][A-Za-z0-9+.-]{1,20}: ?\/ ?\//g;

/** The password in `scheme://user:password@host`, of whatever scheme. The user and the host stay. */
export const connectionStringRule: Rule = {
  name: 'connection-string',
  anchors: exactly('@'),
  before: longestUserInfo + glance,
  reach: 2,
  mayMatch: (bytes, at) => hasUserInfo(bytes, at),
  find(text, at) {
    const before = text.slice(0, at);
    const begins = [...before.matchAll(scheme)].at(-1)?.index;
    if (begins === undefined) return undefined;
    return spanOf(url, text, begins, (secret) => !isReference(secret));
  },
};

/** A colon before the `@`, and before that two slashes, with no blank or quote between. */
function hasUserInfo(bytes: Uint8Array, at: number): boolean {
  let colon = false;
  for (let i = at - 1; i >= 0 && at - i <= longestUserInfo; i--) {
    const byte = bytes[i];
    if (byte === undefined || byte <= 0x20 || byte === 0x22) return false;
    if (byte === 0x2f) return colon && (bytes[i - 1] === 0x2f || bytes[i - 1] === 0x5c);
    if (byte === 0x3a) colon = true;
  }
  return false;
}
