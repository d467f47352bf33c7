import { longestReach, type Rule, type Span } from '../rules/rule';
import { accountAnchors, accountRecords, isRecordType, type AccountRecord } from './account-records';
import { AnchorSearch } from './anchor-search';
import { readable } from './readable';

/** A secret at `[from, to)` of the bytes that were searched. */
export interface Secret {
  readonly rule: string;
  readonly from: number;
  readonly to: number;
}

export interface Found {
  /** In order of where they begin; they may overlap. */
  readonly secrets: readonly Secret[];
  /** Where records of the account's say what they are, in order. */
  readonly accounts: readonly { readonly record: AccountRecord; readonly at: number }[];
}

const newline = 0x0a;
const star = 0x2a;
/** Where stars took the place of one secret, another can show that ran into it. More than so many never did. */
const mostRounds = 4;
const nothing: Found = { secrets: [], accounts: [] };

/**
 * Finds secrets in lines. What it finds at a place depends on the {@link longestReach} bytes before and behind it in
 * the same line only, unless secrets run into each other.
 */
export class SecretSearch {
  private readonly anchors: AnchorSearch;
  private readonly ruleOf: readonly Rule[];
  /** Of two rules that find the same the one that stands first is the more exact one. */
  private readonly places: ReadonlyMap<string, number>;

  constructor(rules: readonly Rule[]) {
    const entries = rules.flatMap((rule) => rule.anchors.map((anchor) => ({ rule, anchor })));
    this.anchors = new AnchorSearch([...accountAnchors, ...entries.map(({ anchor }) => anchor)]);
    this.ruleOf = entries.map(({ rule }) => rule);
    this.places = new Map(rules.map(({ name }, place) => [name, place] as const).reverse());
  }

  /** Finding nothing is the usual answer, and costs one look at the bytes. */
  find(bytes: Uint8Array): Found {
    const found = this.findOnce(bytes);
    if (found.secrets.length === 0) return found;
    const secrets = [...found.secrets];
    const starred = Buffer.from(bytes);
    let latest = found.secrets;
    for (let round = 1; round < mostRounds && latest.length > 0; round++) {
      for (const { from, to } of latest) starred.fill(star, from, to);
      latest = this.findOnce(starred).secrets.filter(({ from, to }) => !isStarred(starred, from, to));
      secrets.push(...latest);
    }
    return {
      ...found,
      secrets: secrets.sort((a, b) => a.from - b.from || b.to - a.to || this.placeOf(a) - this.placeOf(b)),
    };
  }

  private placeOf({ rule }: Secret): number {
    return this.places.get(rule) ?? 0;
  }

  private findOnce(bytes: Uint8Array): Found {
    const secrets: Secret[] = [];
    const accounts: { record: AccountRecord; at: number }[] = [];
    this.anchors.search(bytes, 0, bytes.length, (anchor, at) => {
      const record = accountRecords[anchor];
      if (record === undefined) this.look(bytes, at, this.ruleOf[anchor - accountRecords.length], secrets);
      else if (isRecordType(bytes, at, record)) accounts.push({ record, at });
    });
    return secrets.length + accounts.length === 0
      ? nothing
      : { secrets, accounts: accounts.sort((a, b) => a.at - b.at) };
  }

  private look(bytes: Uint8Array, at: number, rule: Rule | undefined, secrets: Secret[]): void {
    if (rule === undefined || rule.mayMatch?.(bytes, at, bytes.length) === false) return;
    const reached: Span = [
      lineBegin(bytes, at, Math.max(0, at - rule.before)),
      lineEnd(bytes, at, Math.min(bytes.length, at + Math.min(rule.reach, longestReach))),
    ];
    const [first, last] = rule.extent?.(bytes, at, reached) ?? reached;
    const span: Span | undefined = rule.find(readable(bytes, first, last), at - first);
    if (span !== undefined) secrets.push({ rule: rule.name, from: first + span[0], to: first + span[1] });
  }
}

function lineBegin(bytes: Uint8Array, at: number, from: number): number {
  for (let i = at - 1; i >= from; i--) if (bytes[i] === newline) return i + 1;
  return from;
}

function lineEnd(bytes: Uint8Array, at: number, to: number): number {
  const end = bytes.subarray(at, to).indexOf(newline);
  return end < 0 ? to : at + end;
}

function isStarred(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== star) return false;
  return true;
}
