import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factsStreamName, factsSubjectRoot } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import type { Pool } from 'pg';
import { decoderVersions } from '../projecting/decoders';
import type { FileState } from '../projecting/file-state';

const chunkBytes = 2 * 1024 * 1024;

/** A file that was read by another version of its decoder, or that waited for a decoder or fact version. */
export interface StaleFile {
  readonly file: string;
  readonly partition: number;
  readonly decoderVersion: number;
  /** The last of its facts that was projected. */
  readonly lastSequence: number;
}

/** Files of a partition that must be folded again from the log. */
export async function staleFiles(pool: Pool, partition: number): Promise<StaleFile[]> {
  const { rows } = await pool.query<{ file: string; decoder_version: number; last_sequence: number }>(
    `select file, decoder_version, last_sequence from file_state
     join jsonb_each_text($2) as current(source, version) using (source)
     where partition = $1 and (decoder_version <> version::int or parked is not null) order by file`,
    [partition, JSON.stringify(decoderVersions())],
  );
  return rows.map((row) => ({
    file: row.file,
    partition,
    decoderVersion: row.decoder_version,
    lastSequence: row.last_sequence,
  }));
}

/** A file's facts as they lie in the log, up to and with the last one projected, in chunks. */
export async function* historyOf(
  connection: NatsConnection,
  stale: StaleFile,
): AsyncGenerator<FactMessage[]> {
  const { direct } = await jetstreamManager(connection);
  const subject = `${factsSubjectRoot}.${stale.partition}.${stale.file}`;
  let chunk: FactMessage[] = [];
  let bytes = 0;
  for (let next = 1; next <= stale.lastSequence;) {
    const message = await direct.getMessage(factsStreamName, { seq: next, next_by_subj: subject });
    if (message === null || message.seq > stale.lastSequence) break;
    const { header } = message;
    chunk.push({
      subject: message.subject,
      sequence: message.seq,
      time: message.time.getTime(),
      body: message.data,
      header: (name) => (header.has(name) ? header.get(name) : undefined),
    });
    bytes += message.data.length;
    next = message.seq + 1;
    if (bytes < chunkBytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** The file as if nothing of it had been read. */
export function unread(state: FileState): FileState {
  return {
    ...state,
    generation: '',
    offset: 0,
    state: {},
    partSequence: null,
    lastSequence: 0,
    parked: null,
  };
}
