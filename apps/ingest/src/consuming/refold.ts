import type { NatsConnection } from '@nats-io/transport-node';
import { factsStreamName, factsSubjectRoot } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { IsNull, Not, type DataSource } from 'typeorm';
import { decoderVersions } from '@telltale/domain';
import { FileStateEntity } from '../database/entities/file-state.entity';
import type { FileState } from '../projecting/file-state';
import type { HeldPartition } from './leases';
import { messagesBefore } from './messages-before';

const chunkBytes = 2 * 1024 * 1024;

/** A file that was read by another version of its decoder, that waited for a decoder or fact version, or that is tried again. */
export interface StaleFile {
  readonly file: string;
  readonly partition: number;
  /** The version of its decoder in this build. */
  readonly currentVersion: number;
  /** How far its facts were passed by: all up to the partition's checkpoint, also those skipped while it waited. */
  readonly upTo: number;
}

/** Files of a partition that must be folded again from the log. */
export async function staleFiles(database: DataSource, held: HeldPartition): Promise<StaleFile[]> {
  const { partition, sequence: upTo } = held;
  const versions = decoderVersions();
  const files = await database.getRepository(FileStateEntity).find({
    select: { file: true, source: true },
    where: [
      ...Object.entries(versions).flatMap(([source, version]) => [
        { partition, source, decoderVersion: Not(version) },
        { partition, source, parked: Not(IsNull()) },
      ]),
      { partition, retry: true },
    ],
    order: { file: 'ASC' },
  });
  return files.map(({ file, source }) => ({
    file,
    partition,
    currentVersion: versions[source] ?? 0,
    upTo,
  }));
}

/** A file's facts as they lie in the log, as far as the partition was read, in chunks. */
export async function* historyOf(
  connection: NatsConnection,
  { file, partition, upTo }: StaleFile,
): AsyncGenerator<FactMessage[]> {
  const subject = `${factsSubjectRoot}.${partition}.${file}`;
  let chunk: FactMessage[] = [];
  let bytes = 0;
  for await (const fact of messagesBefore(connection, { stream: factsStreamName, subject, upTo: upTo + 1 })) {
    chunk.push(fact);
    bytes += fact.body.length;
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
    tombstone: null,
    parked: null,
  };
}
