import { createHash } from 'node:crypto';
import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  attachmentLineSchema,
  bytesStreamName,
  bytesSubject,
  chunkCount,
  chunkLength,
  type AttachmentLine,
} from '@telltale/contracts';
import { linesOf } from './file-lines';

/** JetStream's own code for "stream not found". */
const streamNotFound = 10059;

export interface AttachedFact {
  /** The host whose fact it is: its bytes lie under that name. */
  readonly host: string;
  readonly body: Uint8Array;
}

/**
 * Reads the bytes that an `attachment.added` fact tells of, chunk by chunk, and compares their hash. What is shown was
 * seen whole by us, whatever a watcher says.
 *
 * @returns why they cannot be shown; undefined where they can. A line that is none of ours is left to its decoder.
 * @throws what NATS throws where the byte stream cannot be asked now
 */
export async function attachmentProblem(
  connection: NatsConnection,
  { host, body }: AttachedFact,
): Promise<string | undefined> {
  const lines = [...linesOf(body)].filter(({ text }) => text.trim() !== '');
  const [line] = lines;
  if (line === undefined) return undefined;
  if (lines.length > 1) return 'a fact tells of one attachment only';
  const parsed = attachmentLineSchema.safeParse(parsedJson(line.text));
  if (!parsed.success) return undefined;
  const manager = await jetstreamManager(connection);
  try {
    return await proof(manager, host, parsed.data);
  } catch (error) {
    if (await isStreamThere(manager)) throw error;
    return 'the byte stream is not there';
  }
}

async function proof(
  manager: JetStreamManager,
  host: string,
  { sha256, bytes }: AttachmentLine,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const chunks = chunkCount(bytes);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const data = await readChunk(manager, bytesSubject({ host, sha256, chunk }));
    const which = `chunk ${chunk + 1} of ${chunks}`;
    if (data === undefined) return `${which} of its bytes is not in the byte stream`;
    if (data.length !== chunkLength(bytes, chunk)) return `${which} of its bytes has ${data.length} bytes`;
    hash.update(data);
  }
  return hash.digest('hex') === sha256 ? undefined : 'its bytes are not those that its hash names';
}

/** Undefined where there is none. A replica may lag behind what its leader has acknowledged: the leader is asked too. */
async function readChunk(manager: JetStreamManager, subject: string): Promise<Uint8Array | undefined> {
  const query = { last_by_subj: subject };
  const message =
    (await manager.direct.getMessage(bytesStreamName, query)) ??
    (await manager.streams.getMessage(bytesStreamName, query));
  return message?.data;
}

/** Where NATS does not answer at all, it counts as there. */
function isStreamThere(manager: JetStreamManager): Promise<boolean> {
  return manager.streams.info(bytesStreamName).then(
    () => true,
    (error: unknown) => !(error instanceof JetStreamApiError && error.code === streamNotFound),
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')); // as decoders do: what one of them reads must be proven
  } catch {
    return undefined; // the decoder says what is wrong with it
  }
}
