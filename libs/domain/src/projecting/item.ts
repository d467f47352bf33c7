import { previewBytes } from '../observation';
import { cutUtf8 } from './text';

export type ItemKind = 'prompt' | 'assistant' | 'tool' | 'error' | 'compaction';

/** One record behind an item: where its full text stands in the log. Short names: it is stored once a record. */
export interface ItemPart {
  /** The record's own key; a tool's parts are named by their role. */
  readonly u: string;
  /** Sequence of the fact, line in its body, byte offset in the file. */
  readonly s: number;
  readonly l: number;
  readonly o: number;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly r?: 'use' | 'result';
  /** 1: a copy of a record that counts where it was made. */
  readonly c?: 1;
  /** Preview of this part, where the item has several with text. */
  readonly p?: string;
}

/** What a session's feed shows of one key. A row (key, session) is the session's claim to the key. */
export interface Item {
  readonly key: string;
  readonly sessionId: string;
  readonly kind: ItemKind;
  /** This session owns the key: the item counts here and nowhere else. */
  readonly counted: boolean;
  /** Epoch milliseconds; 0 where no record told a time. */
  readonly at: number;
  readonly agentId: string | null;
  readonly model: string | null;
  /** Tool name, or kind of error. */
  readonly name: string | null;
  /** Message text; of a tool its result. At most 2 KiB. */
  readonly preview: string;
  readonly input: string | null;
  readonly isError: boolean;
  /** False for a result without its tool use, a text without its message: it is kept, but counts nothing yet. */
  readonly used: boolean;
  readonly endedAt: number | null;
  /** As the tool stated it; else between use and result. */
  readonly durationMs: number | null;
  readonly parts: readonly ItemPart[];
}

/** Records of one message whose places are kept; its texts beyond them are not worth a row without bound. */
const keptParts = 200;

/**
 * Joins what is known of a (key, session) with what is said of it now. Commutative, associative and idempotent but
 * for places in the log: of one record the place said last stands, because an earlier log may be gone.
 */
export function mergeItems(a: Item, b: Item): Item {
  if (a.kind === 'tool') return mergeTools(a, b);
  if (hasText(a) && hasText(b)) return mergeTexts(a, b);
  const [first, second] = inOrder(a, b);
  return { ...first, agentId: first.agentId ?? second.agentId, counted: a.counted || b.counted };
}

function hasText({ kind }: Item): boolean {
  return kind === 'assistant' || kind === 'prompt';
}

/** A message's texts may come in records of their own, which do not know whose message it is. */
function mergeTexts(a: Item, b: Item): Item {
  const [first, second] = messageFirst(a, b);
  return {
    ...first,
    agentId: first.agentId ?? second.agentId,
    model: first.model ?? second.model,
    kind: a.kind === 'prompt' ? a.kind : b.kind,
    used: a.used || b.used,
    counted: a.counted || b.counted,
    ...joinedTexts([...withText(a), ...withText(b)]),
  };
}

function joinedTexts(all: readonly ItemPart[]): Pick<Item, 'preview' | 'parts'> {
  const byRecord = new Map<string, ItemPart>();
  for (const part of all) {
    const known = byRecord.get(part.u);
    if (known === undefined || compareVersions(part, known) <= 0) byRecord.set(part.u, part);
  }
  const parts = [...byRecord.values()].sort(compareParts).slice(0, keptParts);
  const texts = parts.map((part) => part.p ?? '').filter((text) => text !== '');
  const isLone = texts.length <= 1 && (parts[0]?.p ?? '') === (texts[0] ?? '');
  return {
    preview: cutUtf8(texts.join('\n\n'), previewBytes),
    parts: isLone ? parts.map(({ p: _, ...part }) => part) : parts,
  };
}

/**
 * The message's own record tells when it was said; a text that came apart from it may know no time. By the time of
 * the item, not of its first part: that may be such a text.
 */
function messageFirst(a: Item, b: Item): readonly [Item, Item] {
  if (a.used !== b.used) return a.used ? [a, b] : [b, a];
  if (a.at !== b.at) return a.at < b.at ? [a, b] : [b, a];
  return inOrder(a, b);
}

/** Whether it is known to have happened, and to be counted, in another session. */
export function isCopy({ parts }: Item): boolean {
  return parts.some((part) => part.c === 1);
}

/** A lone text of the first part is kept as the item's preview only; give it back to its part. */
function withText(item: Item): readonly ItemPart[] {
  if (item.parts.some((part) => part.p !== undefined) || item.preview === '') return item.parts;
  return item.parts.map((part, index) => (index === 0 ? { ...part, p: item.preview } : part));
}

function mergeTools(a: Item, b: Item): Item {
  const use = earlierRole(a, b, 'use');
  const result = earlierRole(a, b, 'result');
  const parts = [partOf(use, 'use'), partOf(result, 'result')].filter((part) => part !== undefined);
  const lead = use ?? result ?? a;
  const other = lead === a ? b : a;
  return {
    ...lead,
    counted: a.counted || b.counted,
    agentId: lead.agentId ?? other.agentId,
    model: lead.model ?? other.model,
    used: use !== undefined,
    ...(result === undefined ? noResult : resultOf(result)),
    parts,
  };
}

type Result = Pick<Item, 'preview' | 'isError' | 'endedAt' | 'durationMs'>;

const noResult: Result = { preview: '', isError: false, endedAt: null, durationMs: null };

function resultOf({ preview, isError, endedAt, durationMs }: Item): Result {
  return { preview, isError, endedAt, durationMs };
}

/**
 * How long the call took in milliseconds; null while it runs or where times are missing. Call and result of one time
 * are told by one record or copied in one go: that says nothing of how long it took.
 */
export function toolDuration(item: Item): number | null {
  if (item.durationMs !== null) return item.durationMs;
  if (!item.used || item.endedAt === null || item.at === 0 || item.endedAt <= item.at) return null;
  return item.endedAt - item.at;
}

function partOf(item: Item | undefined, role: 'use' | 'result'): ItemPart | undefined {
  return item?.parts.find((part) => part.r === role);
}

function earlierRole(a: Item, b: Item, role: 'use' | 'result'): Item | undefined {
  const ofA = partOf(a, role);
  const ofB = partOf(b, role);
  if (ofA === undefined) return ofB && b;
  if (ofB === undefined) return a;
  return compareParts(ofB, ofA) <= 0 ? b : a;
}

function inOrder(a: Item, b: Item): readonly [Item, Item] {
  const partA = a.parts[0];
  const partB = b.parts[0];
  if (partA === undefined || partB === undefined) return [a, b];
  return compareParts(partB, partA) <= 0 ? [b, a] : [a, b];
}

/** Versions of one record: a text only grows while its document is written anew, wherever in it that lies. */
function compareVersions(a: ItemPart, b: ItemPart): number {
  return a.t - b.t || saidLength(b) - saidLength(a) || a.o - b.o;
}

function saidLength({ p = '' }: ItemPart): number {
  return p.trim().length;
}

/** By time, place in the file and record; not by place in the log. */
function compareParts(a: ItemPart, b: ItemPart): number {
  return a.t - b.t || a.o - b.o || (a.u < b.u ? -1 : Number(a.u > b.u));
}
