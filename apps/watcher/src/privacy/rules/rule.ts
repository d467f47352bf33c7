import type { Anchor } from '../secrets/anchor-search';

/** `[from, to)` */
export type Span = readonly [from: number, to: number];

/**
 * Finds one kind of secret around an anchor. It is a pure function of the bytes from `before` before the anchor to
 * `reach` behind its beginning, within one line: so it finds the same wherever a line is cut for publishing.
 */
export interface Rule {
  /** Under this name its finds are counted. */
  readonly name: string;
  readonly anchors: readonly Anchor[];
  /** Bytes before the anchor that it reads, at most {@link longestReach}. */
  readonly before: number;
  /** Bytes from the anchor's beginning on that it reads, at most {@link longestReach}. */
  readonly reach: number;
  /**
   * How far a match around the anchor can go at most, told by the bytes alone: less is made readable then. Within
   * `before` and `reach`, and `[from, to)`.
   */
  extent?(bytes: Uint8Array, at: number, [from, to]: Span): Span;
  /** A quick look at bytes, for anchors that are met often: false where there can be no secret. */
  mayMatch?(bytes: Uint8Array, at: number, end: number): boolean;
  /** @param text what can be read around the anchor, which begins at `at` */
  find(text: string, at: number): Span | undefined;
}

/** No rule looks further than this. A longer secret (there are none but large private keys) is masked up to here. */
export const longestReach = 16 * 1024;

export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const digits = '0123456789';

/** Room for a look behind: the character before a token, and the colour of a terminal that may stand there. */
export const glance = 32;

/**
 * A rule by a pattern that begins where its anchor does. The secret is the group of that name, or else all of it.
 *
 * @param pattern its flags are made sticky
 */
export function patternRule(rule: {
  readonly name: string;
  readonly anchors: readonly Anchor[];
  readonly pattern: RegExp;
  readonly reach?: number;
  /** All of a match consists of what tokens consist of. */
  readonly isToken?: boolean;
  readonly mayMatch?: Rule['mayMatch'];
  readonly accepts?: (secret: string, match: RegExpExecArray) => boolean;
}): Rule {
  const { name, anchors, mayMatch, accepts, reach = 512 } = rule;
  const pattern = stickyOf(rule.pattern);
  return {
    name,
    anchors,
    before: glance,
    reach,
    ...(mayMatch ? { mayMatch } : {}),
    ...(rule.isToken ? { extent: tokenExtent } : {}),
    find: (text, at) => spanOf(pattern, text, at, accepts),
  };
}

/** Like {@link patternRule}, but the pattern begins with the run of `lead` characters around the anchor. */
export function tokenRule(rule: {
  readonly name: string;
  readonly anchors: readonly Anchor[];
  readonly pattern: RegExp;
  readonly lead: RegExp;
  readonly before: number;
  readonly reach: number;
}): Rule {
  const pattern = stickyOf(rule.pattern);
  return {
    ...rule,
    before: rule.before + glance,
    extent: tokenExtent,
    find: (text, at) => {
      let start = at;
      while (start > 0 && at - start < rule.before && rule.lead.test(text.charAt(start - 1))) start--;
      return spanOf(pattern, text, start);
    },
  };
}

const tokenBytes = new Uint8Array(256);
for (const byte of Buffer.from(`${letters}${digits}_.~+/=%:&-`)) tokenBytes[byte] = 1;

/** Whether so many token characters stand from `at` on. */
export function hasTokenRun(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (at + length > end) return false;
  for (let i = at; i < at + length; i++) if (tokenBytes[bytes[i] as number] !== 1) return false;
  return true;
}

/** The run of token characters around a place, with a glance at what stands around it. */
function tokenExtent(bytes: Uint8Array, at: number, [from, to]: Span): Span {
  let begin = at;
  while (begin > from && tokenBytes[bytes[begin - 1] as number] === 1) begin--;
  let end = at;
  while (end < to && tokenBytes[bytes[end] as number] === 1) end++;
  return [Math.max(from, begin - glance), Math.min(to, end + 1)];
}

export function stickyOf(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, `${pattern.flags.replace(/[gyd]/g, '')}yd`);
}

/** The secret of a sticky pattern at one place. */
export function spanOf(
  pattern: RegExp,
  text: string,
  at: number,
  accepts?: (secret: string, match: RegExpExecArray) => boolean,
): Span | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [from, to] = match.indices?.groups?.['secret'] ?? [match.index, pattern.lastIndex];
  const isSecret = to > from && accepts?.(text.slice(from, to), match) !== false;
  return isSecret ? [from, to] : undefined;
}

export function exactly(...texts: readonly string[]): Anchor[] {
  return texts.map((text) => ({ text }));
}

export function inAnyCase(...texts: readonly string[]): Anchor[] {
  return texts.map((text) => ({ text, anyCase: true }));
}

/** A start of less than four characters, with each character that may come next. */
export function followedBy(text: string, next: string): Anchor[] {
  return next.split('').map((character) => ({ text: text + character }));
}
