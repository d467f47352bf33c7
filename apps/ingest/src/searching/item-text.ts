import { decoderOf, previewBytes, type FullText, type ItemPart } from '@telltale/domain';
import type { FactLines } from './fact-lines';

/** What is searched of an item, as its row has it. */
export interface SearchedItem {
  readonly key: string;
  readonly kind: string;
  readonly name: string | null;
  readonly preview: string;
  readonly input: string | null;
  readonly parts: readonly ItemPart[];
}

/**
 * The whole text of an item: of a tool its name, input and result. From the log where the row holds only a beginning;
 * where the log no longer has it, that beginning.
 */
export async function textOfItem(item: SearchedItem, lines: FactLines): Promise<string> {
  if (item.kind !== 'tool') return textOf(item, lines);
  const input = isCut(item.input) ? await partText(item, 'use', lines) : {};
  const result = isCut(item.preview) ? await partText(item, 'result', lines) : {};
  return [item.name, input.input ?? item.input, result.result ?? item.preview].join('\n');
}

async function textOf(item: SearchedItem, lines: FactLines): Promise<string> {
  if (!isCut(item.preview)) return item.preview;
  const texts: string[] = [];
  for (const part of item.parts) {
    const full = await fullText(item.key, part, lines);
    // One of its records is gone: the beginning may know of it.
    if (full === undefined) texts.push(item.preview);
    else if (full.text !== undefined) texts.push(full.text);
  }
  return texts.join('\n\n');
}

async function partText(item: SearchedItem, role: ItemPart['r'], lines: FactLines): Promise<FullText> {
  const part = item.parts.find(({ r }) => r === role);
  return (part && (await fullText(item.key, part, lines))) ?? {};
}

async function fullText(key: string, { s, l }: ItemPart, lines: FactLines): Promise<FullText | undefined> {
  const line = await lines.line(s, l);
  return line && decoderOf(line.source)?.fullText(line.text, key);
}

/** A preview is cut between characters of at most four bytes: what is shorter than that is the whole text. */
function isCut(preview: string | null): boolean {
  return preview !== null && Buffer.byteLength(preview) > previewBytes - 4;
}
