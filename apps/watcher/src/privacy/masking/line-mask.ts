import { contentPlan, type ContentPlan } from '../content/content-plan';
import type { ContentMode } from '@telltale/contracts';
import { isNestedJson, NestedMask, type NestedPiece } from '../content/nested-json';
import { markerReach, markersIn } from '../content/objective-marker';
import type { Span } from '../rules/rule';
import { accountRule, isAccountString, type AccountRecord } from '../secrets/account-records';
import type { Secret } from '../secrets/secret-search';
import { isWordAt, stringEnd } from '../structure/json-text';
import { JsonWalk, type StringPlace, type WalkVisitor } from '../structure/json-walk';
import { isOpaqueName, structureOf } from '../structure/names';
import { blankOut } from './blanks';
import type { MaskedCopy } from './masked-copy';
import { starOut } from './stars';

/** A line, or a piece of a long one, with what was found in the bytes around it. Places are indices of the bytes. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** What is masked now. */
  readonly own: Span;
  /** Bytes of the line may be looked at up to here, and from `since` on. */
  readonly since: number;
  readonly limit: number;
  /** Index 0 of the bytes is this byte of the line. */
  readonly origin: number;
  readonly secrets: readonly Secret[];
  /** Where completion markers may begin in the bytes. */
  readonly signs: readonly number[];
  readonly account: AccountRecord | undefined;
  readonly copy: MaskedCopy;
  /** Called once for each secret that was masked. */
  readonly masked: (rule: string) => void;
}

const space = 0x20;
const questionMark = 0x3f;
const longestId = 256;

/** Decides, string by string, what of a line is masked or blanked. Goes on from piece to piece of a long line. */
export class LineMask implements WalkVisitor {
  private readonly walk: JsonWalk = new JsonWalk(this, isOpaqueName);
  private piece: Piece | undefined;
  private nextSecret = 0;
  private counted = new Set<Secret>();
  /** What was decided of the string that began last; its places are bytes of the line. */
  private plan: ContentPlan | undefined;
  private nested: NestedMask | undefined;
  private isAccount = false;
  private isId = false;
  /** Byte of the line at which the string began. */
  private start = 0;
  /** A secret that began in an earlier string may go on in it: a key whose lines stand in a list. */
  private isContent = false;

  constructor(private readonly mode: ContentMode) {}

  /** At the start of another line. */
  restart(): void {
    this.walk.restart();
    this.plan = undefined;
    this.nested = undefined;
    this.isAccount = false;
    this.isId = false;
  }

  apply(piece: Piece): void {
    const { bytes, own, limit } = piece;
    this.piece = piece;
    this.nextSecret = 0;
    if (this.counted.size > 0) this.counted = new Set();
    this.walk.walk(bytes, own[0], own[1], limit);
    this.piece = undefined;
  }

  begin(bytes: Uint8Array, start: number, limit: number, place: StringPlace): void {
    if (this.piece === undefined) return;
    const { account, origin } = this.piece;
    this.start = start + origin;
    this.isContent = !place.isKey && (place.opaque || structureOf(place.key) === undefined);
    this.isAccount = account !== undefined && isAccountString(account, place);
    this.isId = this.piece.secrets.length > 0 && isId(bytes, start, limit, place);
    this.nested = undefined;
    this.plan = undefined;
    if (this.mode === 'full' || this.isAccount) return;
    if (isNestedJson(this.mode, bytes, start, { limit, place })) this.nested = new NestedMask(this.mode);
    else this.plan = moved(contentPlan(this.mode, bytes, start, { limit, place }), origin);
  }

  inside(bytes: Uint8Array, from: number, to: number): void {
    if (this.piece === undefined) return;
    const { copy, origin, limit, masked } = this.piece;
    if (this.isAccount && starOut(bytes, [from, to], copy)) masked(accountRule);
    if (!this.isId) this.maskSecrets(bytes, from, to);
    if (this.nested) this.blankNested(bytes, this.nested.next(bytes, [from, to], limit, origin));
    if (this.plan) this.blankContent(bytes, [from, to], moved(this.plan, -origin));
  }

  broken(bytes: Uint8Array, from: number, to: number): void {
    if (this.piece === undefined) return;
    this.maskSecrets(bytes, from, to);
    if (this.mode !== 'full' && !this.isByteOrderMark(bytes, from, to))
      this.piece.copy.fill(from, to, questionMark);
  }

  private maskSecrets(bytes: Uint8Array, from: number, to: number): void {
    const { secrets } = this.piece as Piece;
    while (this.nextSecret < secrets.length && (secrets[this.nextSecret]?.to ?? 0) <= from) this.nextSecret++;
    for (let i = this.nextSecret; i < secrets.length; i++) {
      const secret = secrets[i] as Secret;
      if (secret.from >= to) return;
      this.maskSecret(bytes, secret, [Math.max(secret.from, from), Math.min(secret.to, to)]);
    }
  }

  /** @param span what of the secret lies in one string: it may go over several */
  private maskSecret(bytes: Uint8Array, secret: Secret, [from, to]: Span): void {
    const { copy, masked, own, origin } = this.piece as Piece;
    if (secret.from + origin < this.start && !this.isContent) return;
    if (from >= to || !starOut(bytes, [from, to], copy)) return;
    if (secret.from < own[0] || this.counted.has(secret)) return;
    this.counted.add(secret);
    masked(secret.rule);
  }

  private blankContent(bytes: Uint8Array, [from, to]: Span, plan: ContentPlan): void {
    const first = Math.max(from, plan.from);
    if (first >= to) return;
    let behind = first;
    for (const [begin, end] of plan.kept) {
      this.blank(bytes, [behind, Math.min(begin, to)]);
      behind = Math.max(behind, end);
    }
    this.blank(bytes, [behind, to]);
    for (let i = 0; i < plan.standIn.length && plan.from + i < to; i++)
      if (plan.from + i >= from) this.write(plan.from + i, plan.standIn.charCodeAt(i));
    // Words that are counted are told by their stand-in: a marker in them would be read as some of them the next time.
    if (plan.standIn === '' && this.piece?.signs.length) this.keepMarkers(bytes, first, to, plan.from);
  }

  private blankNested(bytes: Uint8Array, { spans, written }: NestedPiece): void {
    for (const span of spans) this.blank(bytes, span);
    for (const [at, byte] of written) this.write(at, byte);
  }

  /** Only where it was blanked: what makes the line no JSON stays. */
  private write(at: number, byte: number): void {
    if (this.piece?.copy.byteAt(at) === space) this.piece.copy.put(at, byte);
  }

  private blank(bytes: Uint8Array, span: Span): void {
    const { since, copy } = this.piece as Piece;
    blankOut(bytes, span, since, copy);
  }

  private keepMarkers(bytes: Uint8Array, from: number, to: number, blankFrom: number): void {
    const { copy, since, limit, signs } = this.piece as Piece;
    const end = stringEnd(bytes, to, Math.min(limit, to + markerReach), since);
    for (const kept of markersIn(bytes, [Math.max(since, blankFrom, from - 2 * markerReach), end], signs)) {
      copy.putAll(kept.at, kept.bytes);
    }
  }

  private isByteOrderMark(bytes: Uint8Array, from: number, to: number): boolean {
    return (
      from + (this.piece?.origin ?? 0) === 0 &&
      to - from === 3 &&
      bytes[from] === 0xef &&
      bytes[from + 1] === 0xbb
    );
  }
}

function moved(plan: ContentPlan, by: number): ContentPlan;
function moved(plan: ContentPlan | undefined, by: number): ContentPlan | undefined;
function moved(plan: ContentPlan | undefined, by: number): ContentPlan | undefined {
  if (plan === undefined) return undefined;
  const kept = plan.kept.length === 0 ? plan.kept : plan.kept.map(([from, to]): Span => [from + by, to + by]);
  return { ...plan, from: plan.from + by, kept };
}

/** In the tool's own records; what it was given to work with may be named so and be a secret. */
function isId(bytes: Uint8Array, start: number, limit: number, place: StringPlace): boolean {
  return (
    !place.isKey &&
    !place.opaque &&
    structureOf(place.key) === 'id' &&
    isWordAt(bytes, start, limit, longestId)
  );
}
