import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  deletedPathPrefix,
  factHeaders,
  factKindOf,
  factsStreamName,
  factsSubjectRoot,
  maxFactBytes,
  parseFactHeaders,
  sourceSchema,
  type FactAttributes,
  type SessionDeletedLine,
  type TombstoneScope,
} from '@telltale/contracts';
import { isWrongLastSequence } from '@telltale/platform';
import type { Stores } from './erase-picture';
import { isDeletedOnes, type ToldFile } from './pending-files';
import { rewritten, type Rewritten } from './rewritten';

type Headers = Parameters<typeof factHeaders>[0];

/** The subject of a file's facts. */
export function subjectOf({ partition, file }: Pick<ToldFile, 'partition' | 'file'>): string {
  return `${factsSubjectRoot}.${partition}.${file}`;
}

/**
 * Puts a tombstone on top of a file's facts: whoever writes them meets it, and ingest's checkpoint comes to stand on it,
 * so that what lies before it may go. Where that is a list of many sessions, what it says of living ones comes before.
 *
 * @returns whether that was a step on: not where a tombstone lies there that has not been read yet, and not where
 *   another fact came at the same moment
 */
export async function entomb(stores: Stores, file: ToldFile, now: number): Promise<boolean> {
  const subject = subjectOf(file);
  const head = await headBefore(stores.nats, subject, file.tombstone);
  if (head === undefined) return false;
  const facts = isDeletedOnes(file)
    ? [tombstoneFact(file, now, { scope: 'file' })]
    : [
        ...documentFacts(await rewritten(stores, file, { subject, upTo: head.sequence + 1 })),
        // A file that tells of living sessions goes on, from where its watcher was: what it said before is not said again.
        tombstoneFact(file, now, { scope: 'shared', ...head.place }),
      ];
  try {
    let { sequence } = head;
    for (const fact of facts) sequence = await append(stores.nats, { subject, last: sequence, now }, fact);
    return true;
  } catch (error) {
    if (isWrongLastSequence(error)) return false;
    throw error;
  }
}

interface Head {
  /** 0 where the subject has no fact. */
  readonly sequence: number;
  /** How far its watcher had published the file; empty where it must begin anew. */
  readonly place: Partial<Place>;
}

/** The subject's last fact; undefined where that is a tombstone which has not been read yet. */
async function headBefore(
  connection: NatsConnection,
  subject: string,
  tombstone: number | null,
): Promise<Head | undefined> {
  const { direct } = await jetstreamManager(connection, { checkAPI: false });
  const head = await direct.getMessage(factsStreamName, { last_by_subj: subject });
  if (head === null) return { sequence: 0, place: {} };
  const parsed = parseFactHeaders((name) => (head.header.has(name) ? head.header.get(name) : undefined));
  const isTombstone = parsed.ok && factKindOf(parsed.attributes.type) === 'session.deleted';
  if (isTombstone && head.seq !== tombstone) return undefined;
  return { sequence: head.seq, place: parsed.ok ? placeIn(parsed.attributes) : {} };
}

/** In the middle of a long line its watcher begins anew: the line's parts must stand side by side. */
function placeIn({ generation, from, to, identity, tail, cursor, part }: FactAttributes): Partial<Place> {
  if (identity === undefined || (part !== undefined && part.k < part.n)) return {};
  return { generation, from, to, identity, tail, cursor };
}

type Place = Pick<Headers, 'generation' | 'from' | 'to' | 'identity' | 'tail' | 'cursor'>;

interface Fact {
  readonly attributes: Pick<Headers, 'type' | 'path' | 'root' | 'scope' | 'part'> & Place;
  readonly body: Uint8Array;
}

/** In parts where it is long, as watchers do. Without an identity: its watcher does not take it for what it published. */
function documentFacts(rest: Rewritten | undefined): Fact[] {
  if (rest === undefined) return [];
  const { text, attributes } = rest;
  const line = Buffer.from(`${text}\n`);
  const generation = randomUUID();
  const n = Math.ceil(line.length / maxFactBytes);
  return Array.from({ length: n }, (_, index) => {
    const from = index * maxFactBytes;
    const body = line.subarray(from, from + maxFactBytes);
    const part = n > 1 ? { part: `${index + 1}/${n}` } : {};
    const place = { generation, from, to: from + body.length, ...part };
    return { attributes: { type: 'telltale.file.appended.v1', ...attributes, ...place }, body };
  });
}

function tombstoneFact(
  file: ToldFile,
  now: number,
  { scope, ...place }: { readonly scope: TombstoneScope } & Partial<Place>,
): Fact {
  const { deleted, source } = file;
  const [session = ''] = deleted;
  const line: SessionDeletedLine = {
    kind: 'deleted',
    session,
    source: sourceSchema.parse(source),
    at: new Date(now).toISOString(),
    sessions: [...deleted],
  };
  const body = Buffer.from(`${JSON.stringify(line)}\n`);
  return {
    attributes: {
      type: 'telltale.session.deleted.v1',
      // Not the file's path: that may be telling too.
      path: deletedPathPrefix + session,
      scope,
      generation: randomUUID(),
      from: 0,
      to: body.length,
      ...place,
    },
    body,
  };
}

async function append(
  connection: NatsConnection,
  { subject, last, now }: { readonly subject: string; readonly last: number; readonly now: number },
  { attributes, body }: Fact,
): Promise<number> {
  const event = headers();
  const said = factHeaders({
    specversion: '1.0',
    id: randomUUID(),
    source: '/ingest',
    time: new Date(now).toISOString(),
    ...attributes,
  });
  for (const [name, value] of said) event.set(name, value);
  const expect = { lastSubjectSequence: last, streamName: factsStreamName };
  return (await jetstream(connection).publish(subject, body, { headers: event, expect })).seq;
}
