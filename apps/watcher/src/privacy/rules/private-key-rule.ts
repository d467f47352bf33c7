import { asBuffer } from '../structure/latin1';
import { exactly, glance, longestReach, type Rule } from './rule';

const header = /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const end = '-----END';
const begin = '-----BEGIN';
/** What a key that is cut off consists of: lines of base64, in whatever quotes. */
const body = /(?:[\s"'`,+:()-]{0,24}[A-Za-z0-9+/=]{16,})+(?:[\s"'`,+]{0,24}[A-Za-z0-9+/=]{1,76})?/y;
/** Talk about such headers holds none of these. */
const keyLine = /[A-Za-z0-9+/=]{16}/;

/**
 * A private key in PEM form, to its end line, or as far as it goes where that is missing or too far away. The
 * escapes of its line breaks stay.
 */
export const privateKeyRule: Rule = {
  name: 'private-key',
  anchors: exactly(begin),
  before: glance,
  reach: longestReach,
  extent: (bytes, at, [from, to]) => {
    const next = asBuffer(bytes)
      .subarray(at + 1, to)
      .indexOf(begin);
    return [Math.max(from, at - glance), next < 0 ? to : at + 1 + next + begin.length];
  },
  find(text, at) {
    header.lastIndex = at;
    if (!header.test(text)) return undefined;
    const from = header.lastIndex;
    const to = text.indexOf(end, from);
    const next = text.indexOf(begin, from);
    if (to >= 0 && (next < 0 || next > to))
      return keyLine.test(text.slice(from, to)) ? [from, to] : undefined;
    body.lastIndex = from;
    return body.test(text) ? [from, body.lastIndex] : undefined;
  },
};
