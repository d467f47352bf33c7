import type { TranscriptFile } from './transcript-writer';

/** What the counting rules give for a whole corpus, worked out the slow way from the raw lines. */
export interface Oracle {
  readonly malformed: number;
  readonly sessions: ReadonlyMap<string, SessionOracle>;
}

export interface SessionOracle {
  /** Epoch ms of its first record; Infinity without one. */
  readonly startedAt: number;
  readonly prompts: number;
  readonly messages: number;
  readonly toolCalls: number;
  readonly models: ReadonlyMap<string, ModelOracle>;
}

export interface ModelOracle {
  readonly entries: number;
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

interface Row extends Omit<ModelOracle, 'entries'> {
  readonly message: string;
  readonly session: string;
  readonly request: string | null;
  readonly sidechain: boolean;
  readonly model: string;
  readonly speed: boolean;
  readonly time: number;
  readonly uuid: string;
}

/** The raw record, as loosely as JSON gives it: an oracle shares no code with what it checks. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Loose = any;

/**
 * Counts a corpus made by the generators of this folder (it trusts their records' types). Written on its own, rule
 * by rule, so that it and the library can only agree by both being right.
 */
export function countSlowly(files: readonly TranscriptFile[]): Oracle {
  const read = files.map(readFile);
  const starts = startsOf(read);
  const forked = new Set(
    read.filter((file) => file.records.some((record) => record.forkedFrom)).map((file) => file.session),
  );
  const owner = (sessions: Iterable<string>): string =>
    [...sessions].sort(
      (a, b) =>
        startOf(starts, a) - startOf(starts, b) ||
        Number(forked.has(a)) - Number(forked.has(b)) ||
        (a < b ? -1 : 1),
    )[0] as string;
  const rows = read.flatMap(({ records, file, session }) =>
    records.flatMap((record) => rowsOf(record, file, session)),
  );
  const owned = [...claimsOf(read)].map(([key, sessions]) => ({
    start: key.slice(0, 2),
    session: owner(sessions),
  }));
  const ids = new Set([...starts.keys(), ...rows.map((row) => row.session)]);
  const sessions = new Map(
    [...ids].map((id) => [
      id,
      sessionOracle(
        starts.get(id),
        owned.filter(({ session }) => session === id),
      ),
    ]),
  );
  for (const winner of winners(rows)) {
    const sharing = rows.filter((row) => row.message === winner.message).map((row) => row.session);
    add(sessions.get(owner(sharing))?.models, winner);
  }
  return { malformed: read.reduce((sum, { malformed }) => sum + malformed, 0), sessions };
}

interface ReadFile {
  readonly file: TranscriptFile;
  readonly records: Loose[];
  readonly malformed: number;
  readonly session: string;
}

function readFile(file: TranscriptFile): ReadFile {
  const all = file.lines.map(parsed);
  const records = all.filter((record) => record !== undefined);
  return { file, records, malformed: all.length - records.length, session: sessionOf(file, records) };
}

/** A file of state records alone says nothing of when its session began. */
function startsOf(read: readonly ReadFile[]): Map<string, number> {
  const starts = new Map<string, number>();
  for (const { session, records } of read.filter((file) => file.records.some((record) => record.uuid))) {
    const times = records.filter((record) => record.timestamp).map((record) => Date.parse(record.timestamp));
    starts.set(session, Math.min(startOf(starts, session), ...times));
  }
  return starts;
}

function startOf(starts: ReadonlyMap<string, number>, session: string): number {
  return starts.get(session) ?? Number.MAX_SAFE_INTEGER;
}

function claimsOf(read: readonly ReadFile[]): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  for (const { file, records, session } of read) {
    for (const key of records.flatMap((record) => keysOf(record, file))) {
      claims.set(key, (claims.get(key) ?? new Set()).add(session));
    }
  }
  return claims;
}

function sessionOracle(
  startedAt = Infinity,
  owned: readonly { start: string }[],
): SessionOracle & { models: Map<string, ModelOracle> } {
  const count = (prefix: string): number => owned.filter(({ start }) => start === prefix).length;
  return {
    startedAt,
    prompts: count('p:'),
    messages: count('p:') + count('m:'),
    toolCalls: count('t:'),
    models: new Map<string, ModelOracle>(),
  };
}

function parsed(line: string): Loose {
  try {
    const record: Loose = JSON.parse(line);
    return typeof record === 'object' && record !== null && !Array.isArray(record) ? record : undefined;
  } catch {
    return undefined; // malformed on purpose
  }
}

function sessionOf(file: TranscriptFile, records: Loose[]): string {
  const fromPath = /projects\/[^/]+\/([^/]+?)(?:\.jsonl|\/subagents\/.*)$/.exec(file.path)?.[1] ?? '';
  return fromPath.startsWith('agent-') ? records.find((record) => record.sessionId).sessionId : fromPath;
}

function inner(record: Loose): Loose {
  return record.type === 'progress' ? record.data.message : record;
}

function isSide(record: Loose, file: TranscriptFile): boolean {
  return record.type === 'progress' || record.isSidechain === true || file.path.includes('agent-');
}

function keysOf(record: Loose, file: TranscriptFile): string[] {
  const carried = inner(record);
  const content = carried.message?.content;
  const blocks: Loose[] = Array.isArray(content) ? content : [{ type: 'text', text: content }];
  if (carried.type === 'assistant') return answerKeys(carried, blocks);
  const isPrompt =
    carried.type === 'user' && !isSide(record, file) && blocks.every((block) => block.type === 'text');
  return isPrompt && !/^(?:<command-name>|\[Request interrupted by user)/.test(blocks[0].text)
    ? [`p:${carried.uuid}`]
    : [];
}

function answerKeys({ message, uuid }: Loose, blocks: Loose[]): string[] {
  if (message.model === '<synthetic>') return [];
  const uses = blocks.filter((block) => block.type === 'tool_use').map((block) => `t:${block.id}`);
  return [`m:${message.id ?? uuid}`, ...uses];
}

function rowsOf(record: Loose, file: TranscriptFile, session: string): Row[] {
  const { type, message, requestId, uuid, timestamp } = inner(record);
  const usage = message?.usage;
  if (type !== 'assistant' || !usage || message.model === '<synthetic>') return [];
  const split = usage.cache_creation;
  return [
    {
      message: message.id ?? uuid,
      session,
      request: requestId ?? null,
      sidechain: isSide(record, file),
      model: message.model,
      speed: usage.speed !== undefined,
      time: Date.parse(timestamp),
      uuid,
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheWrite5m: split ? split.ephemeral_5m_input_tokens : usage.cache_creation_input_tokens,
      cacheWrite1h: split ? split.ephemeral_1h_input_tokens : 0,
      cacheRead: usage.cache_read_input_tokens,
    },
  ];
}

function winners(rows: Row[]): Row[] {
  return [...new Set(rows.map((row) => row.message))].flatMap((message) => {
    const all = rows.filter((row) => row.message === message);
    const main = all.filter((row) => !row.sidechain);
    if (main.length === 0) return [best(all)];
    const requests = [...new Set(main.flatMap((row) => (row.request === null ? [] : [row.request])))].sort();
    if (requests.length === 0) return [best(main)];
    return requests.map((request, n) =>
      best(main.filter((row) => row.request === request || (n === 0 && row.request === null))),
    );
  });
}

function best(rows: Row[]): Row {
  const total = (row: Row): number =>
    row.input + row.output + row.cacheWrite5m + row.cacheWrite1h + row.cacheRead;
  const sorted = [...rows].sort(
    (a, b) =>
      total(b) - total(a) ||
      Number(b.speed) - Number(a.speed) ||
      a.time - b.time ||
      (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0),
  );
  return sorted[0] as Row;
}

function add(models: Map<string, ModelOracle> | undefined, row: Row): void {
  const sum = models?.get(row.model) ?? {
    entries: 0,
    input: 0,
    output: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
  };
  models?.set(row.model, {
    entries: sum.entries + 1,
    input: sum.input + row.input,
    output: sum.output + row.output,
    cacheWrite5m: sum.cacheWrite5m + row.cacheWrite5m,
    cacheWrite1h: sum.cacheWrite1h + row.cacheWrite1h,
    cacheRead: sum.cacheRead + row.cacheRead,
  });
}
