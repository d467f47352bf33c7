/** A session as it is answered. */
export interface KeptRow {
  readonly id: string;
  /** When it started: microseconds since 1970. */
  readonly at: number;
  /** Its JSON. */
  readonly json: string;
}

/** Where a row stands: the newest first, and of one moment the greatest id. */
export type Place = Pick<KeptRow, 'id' | 'at'>;

export interface KeptPage {
  /** JSON of consecutive sessions, with commas between them. The same bytes as long as none of them changed. */
  readonly text: Buffer;
  readonly last: Place;
}

interface Entry extends Place {
  /** Of its JSON in the page. */
  readonly from: number;
  readonly to: number;
}
interface Chunk extends KeptPage {
  readonly entries: readonly Entry[];
}
interface Changed {
  readonly gone: Set<string>;
  readonly come: KeptRow[];
}

/** A page is divided when it has grown to twice this. */
const rowsAPage = 256;
const comma = Buffer.from(',');

/**
 * All sessions in their order, as pages of ready JSON: some 100 bytes a session beside their text. A change makes the pages
 * anew that it touches.
 */
export class KeptList {
  private chunks: readonly Chunk[] = [];
  private readonly moments = new Map<string, number>();

  /** Of all pages' text. */
  get bytes(): number {
    return this.chunks.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** By id: what the session is now, or that it is none of these any more. */
  change(changes: ReadonlyMap<string, KeptRow | undefined>): void {
    const changed = new Map<Chunk | undefined, Changed>();
    const at = (place: Place) => {
      const chunk = this.chunkOf(place);
      const known = changed.get(chunk) ?? { gone: new Set(), come: [] };
      changed.set(chunk, known);
      return known;
    };
    for (const [id, row] of changes) {
      const moment = this.moments.get(id);
      if (moment !== undefined) at({ id, at: moment }).gone.add(id);
      this.moments.delete(id);
      if (!row) continue;
      at(row).come.push(row);
      this.moments.set(id, row.at);
    }
    const first = changed.get(undefined);
    this.chunks = [
      ...this.chunks.flatMap((chunk) => {
        const change = changed.get(chunk);
        return change ? remade(chunk, change) : [chunk];
      }),
      ...(first ? remade(undefined, first) : []),
    ];
  }

  /** The sessions that come behind this place, as far as they stand on one page. Undefined: there are none. */
  behind(place?: Place): KeptPage | undefined {
    const [first] = this.chunks;
    if (!place) return first;
    const chunk = this.chunks[firstWhere(this.chunks, ({ last }) => order(place, last) < 0)];
    if (!chunk) return undefined;
    const entry = chunk.entries[firstWhere(chunk.entries, (each) => order(place, each) < 0)];
    if (!entry || entry.from === 0) return chunk;
    return { text: chunk.text.subarray(entry.from), last: chunk.last };
  }

  /** Which page holds this place, or would. Undefined while there is none. */
  private chunkOf(place: Place): Chunk | undefined {
    const index = firstWhere(this.chunks, ({ last }) => order(place, last) <= 0);
    return this.chunks[index] ?? this.chunks.at(-1);
  }
}

function remade(chunk: Chunk | undefined, { gone, come }: Changed): Chunk[] {
  const kept = (chunk?.entries ?? [])
    .filter(({ id }) => !gone.has(id))
    .map(({ id, at, from, to }) => ({ id, at, bytes: chunk?.text.subarray(from, to) ?? comma }));
  const news = come.map(({ id, at, json }) => ({ id, at, bytes: Buffer.from(json) }));
  const rows = [...kept, ...news].sort(order);
  const size = rows.length < 2 * rowsAPage ? rows.length : rowsAPage;
  const chunks: Chunk[] = [];
  for (let from = 0; from < rows.length; from += size) chunks.push(chunkWith(rows.slice(from, from + size)));
  return chunks;
}

function chunkWith(rows: readonly (Place & { readonly bytes: Buffer })[]): Chunk {
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let end = 0;
  for (const { id, at, bytes } of rows) {
    const from = end === 0 ? 0 : end + comma.length;
    if (end > 0) parts.push(comma);
    parts.push(bytes);
    end = from + bytes.length;
    entries.push({ id, at, from, to: end });
  }
  const last = entries.at(-1) ?? { id: '', at: 0 };
  return { entries, text: Buffer.concat(parts), last: { id: last.id, at: last.at } };
}

function order(one: Place, other: Place): number {
  if (one.at !== other.at) return other.at - one.at;
  return one.id === other.id ? 0 : one.id > other.id ? -1 : 1;
}

/** The index of the first that holds, where all behind it do, too; else the list's length. */
function firstWhere<T>(list: readonly T[], holds: (each: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = list[middle];
    if (each !== undefined && holds(each)) high = middle;
    else low = middle + 1;
  }
  return low;
}
