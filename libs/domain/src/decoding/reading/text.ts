import { stableHash } from '@telltale/contracts';
import { previewBytes } from '../../observation';

export interface Preview {
  readonly preview: string;
  /** The text goes on behind the preview. */
  readonly truncated: boolean;
}

/** Text that Postgres stores: lone surrogates become U+FFFD and NUL becomes its visible symbol. */
export function storable(text: string): string {
  const sound = text.toWellFormed();
  return sound.includes('\0') ? sound.replaceAll('\0', '\u2400') : sound;
}

/** The beginning of a text: storable, at most `limit` UTF-8 bytes, no character split. Reads no more than it keeps. */
export function previewOf(text: string, limit = previewBytes): Preview {
  // A text longer than this has more bytes than fit, whatever it is made of. Cut before anything reads it.
  const head = storable(text.length > limit ? wholeCharacters(text, limit) : text);
  const preview = head.length * 3 <= limit ? head : withinBytes(head, limit);
  return { preview, truncated: preview.length < head.length || text.length > limit };
}

/** `text.slice(0, end)`, not ending between the halves of a pair. */
function wholeCharacters(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end);
}

const encoder = new TextEncoder();
const room = new Uint8Array(previewBytes);

/** Expects well-formed text. */
function withinBytes(text: string, limit: number): string {
  const { read } = encoder.encodeInto(
    text,
    limit <= room.length ? room.subarray(0, limit) : new Uint8Array(limit),
  );
  return read < text.length ? text.slice(0, read) : text;
}

/** The first line that says something, at most `length` characters with an ellipsis where it was cut; '' for none. */
export function firstLine(text: string, length: number): string {
  // What stands further down than this is not worth looking for.
  const head = text.slice(0, 4096);
  for (const line of head.split('\n', 40)) {
    const said = line.trim();
    if (said !== '') return shortened(storable(said), length);
  }
  return '';
}

/** At most `length` UTF-16 units, an ellipsis where something was cut. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${wholeCharacters(text, length - 1).trimEnd()}…`;
}

const longestId = 200;

/** An id as it can be a key of an index: storable, and if it is absurdly long, its beginning and a hash of all of it. */
export function storableId(id: string): string {
  if (id.length <= longestId) return storable(id);
  return storable(`${wholeCharacters(id, longestId)}~${stableHash(id)}`);
}

const longestName = 300;

/** A name (tool, model, branch, kind): storable and of bounded length. */
export function storableName(name: string): string {
  return shortened(
    storable(name.length > longestName ? wholeCharacters(name, longestName + 1) : name),
    longestName,
  );
}
