import type { ContentMode } from '@telltale/contracts';
import type { Span } from '../rules/rule';
import { isNoJsonText } from '../structure/json-escapes';
import { jsonTextAt } from '../structure/json-text';
import { JsonWalk, type StringPlace, type WalkVisitor } from '../structure/json-walk';
import { latin1 } from '../structure/latin1';
import { isOpaqueName } from '../structure/names';
import { contentPlan, type ContentPlan } from './content-plan';
import { longestPreview, previewCut } from './preview-cut';

const outputObject = /^\{\\"(?:output|metadata|exit_code)\\"/;
const unreadable = /[^\x20-\x7e]/g;

/**
 * Whether a string holds JSON that is structure with content in it: Codex writes a tool's arguments so, in which the
 * steps of a plan are, and older versions a command's output with its exit code.
 */
export function isNestedJson(
  mode: ContentMode,
  bytes: Uint8Array,
  start: number,
  { limit, place }: { limit: number; place: StringPlace },
): boolean {
  if (mode === 'full' || place.isKey || place.opaque || bytes[start] !== 0x7b) return false;
  if (
    place.key !== 'arguments' &&
    !(place.key === 'output' && outputObject.test(latin1(bytes, start, start + 24)))
  )
    return false;
  return mode === 'none' || previewCut(bytes, start, limit) !== undefined;
}

/** What is blanked of a piece, and what is written into it then. */
export interface NestedPiece {
  readonly spans: readonly Span[];
  readonly written: readonly (readonly [at: number, byte: number])[];
}

/** Blanks the content of JSON that is written in a JSON string, piece by piece. Its structure stays JSON. */
export class NestedMask implements WalkVisitor {
  private readonly walk: JsonWalk = new JsonWalk(this, isOpaqueName, true);
  private plan: ContentPlan | undefined;
  /** Characters of the text before the piece. */
  private before = 0;
  private spans: Span[] = [];
  private written: (readonly [at: number, byte: number])[] = [];
  /** What is to be written into the next piece: bytes of the line. */
  private later: readonly (readonly [at: number, byte: number])[] = [];
  /** Of the piece: where each character stands in the bytes, and which byte of the line the first of them is. */
  private places: readonly number[] = [];
  private bytes: Uint8Array = new Uint8Array();
  private origin = 0;
  /** Where in the line the text begins that is blanked. */
  private standInAt = 0;
  /** Bytes of the line up to which characters were read, and blanked: a character may end in the next piece. */
  private read = 0;
  private blanked = 0;

  constructor(private readonly mode: ContentMode) {}

  /**
   * What is to be blanked of the next piece.
   *
   * @param origin index 0 of the bytes is this byte of the line
   */
  next(bytes: Uint8Array, [from, to]: Span, limit: number, origin: number): NestedPiece {
    this.spans = [];
    this.written = this.later.map(([at, byte]) => [at - origin, byte]);
    this.bytes = bytes;
    this.origin = origin;
    const first = Math.max(from, this.read - origin);
    const { text, places } = jsonTextAt(bytes, first, Math.min(limit, to + 2 * longestPreview));
    this.places = places;
    let length = places.findIndex((place) => place >= to);
    if (length < 0) length = text.length;
    // One byte a character, so that places in it are places in the text: what is not ASCII is content anyway.
    const inner = Buffer.from(text.replace(unreadable, '?'), 'latin1');
    this.walk.walk(inner, 0, length, inner.length);
    this.before += length;
    this.read = origin + (places[length] ?? to);
    const spans = this.spans.map(([begin, end]): Span => [places[begin] ?? to, places[end] ?? to]);
    const rest: Span = [from, this.blanked - origin];
    this.blanked = origin + Math.max(0, ...spans.map(([, end]) => end));
    const isNow = ([at]: readonly [at: number, byte: number]) => at < to;
    this.later = this.written.filter((one) => !isNow(one)).map(([at, byte]) => [at + origin, byte]);
    return {
      spans: [rest, ...spans].map(([begin, end]): Span => [begin, Math.min(end, to)]),
      written: this.written.filter(isNow),
    };
  }

  begin(bytes: Uint8Array, start: number, limit: number, place: StringPlace): void {
    const plan = contentPlan(this.mode, bytes, start, { limit, place });
    const outer = [start, plan?.wordsTo ?? start].map((at) => this.places[at] ?? 0) as [number, number];
    // In the line it may be no JSON though the text that it stands for is.
    const standIn = isNoJsonText(this.bytes, ...outer) ? '' : (plan?.standIn ?? '');
    this.plan = plan && { ...plan, standIn, from: plan.from + this.before };
    this.standInAt = this.origin + outer[0];
  }

  inside(_bytes: Uint8Array, from: number, to: number): void {
    if (this.plan === undefined) return;
    const first = Math.max(from, this.plan.from - this.before);
    if (first < to) this.spans.push([first, to]);
    this.write(this.plan.standIn, [this.places[from] ?? 0, this.places[to] ?? 0]);
  }

  /** As much of the stand-in as falls on these bytes. */
  private write(standIn: string, [from, to]: Span): void {
    for (let i = 0; i < standIn.length; i++) {
      const at = this.standInAt - this.origin + i;
      if (at >= from && at < to) this.written.push([at, standIn.charCodeAt(i)]);
    }
  }

  broken(_bytes: Uint8Array, from: number, to: number): void {
    this.spans.push([from, to]);
  }
}
