import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  attachmentLineSchema,
  bytesStreamName,
  bytesSubject,
  chunkCount,
  type AttachmentLine,
} from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import type { Pool } from 'pg';
import { linesOf } from '../projecting/file-lines';
import { messagesBefore } from '../consuming/messages-before';
import { erase } from './erase';
import { isShown } from './pending-files';

export interface Stores {
  readonly nats: NatsConnection;
  readonly pool: Pool;
}

/** The bytes that an `attachment.added` fact tells of go, unless another session shows them. Before the fact itself, which names them. */
export async function erasePicture({ nats, pool }: Stores, host: string, fact: FactMessage): Promise<void> {
  const line = attachmentOf(fact);
  if (line === undefined || (await isShown(pool, host, line.sha256))) return;
  const manager = await jetstreamManager(nats, { checkAPI: false });
  for (let chunk = 0; chunk < chunkCount(line.bytes); chunk++) {
    const subject = bytesSubject({ host, sha256: line.sha256, chunk });
    // Stored once; but whoever writes them is not to be relied on.
    for await (const { sequence } of messagesBefore(nats, {
      stream: bytesStreamName,
      subject,
      upTo: Infinity,
    }))
      await erase(manager, bytesStreamName, sequence);
  }
}

function attachmentOf({ body }: FactMessage): AttachmentLine | undefined {
  const [line] = [...linesOf(body)].filter(({ text }) => text.trim() !== '');
  const parsed = attachmentLineSchema.safeParse(parsedJson(line?.text ?? ''));
  return parsed.success ? parsed.data : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined; // it tells of no picture
  }
}
