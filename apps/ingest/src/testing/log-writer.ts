import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  factHeaders,
  factSubject,
  maxFactBytes,
  partitionOf,
  stableHash,
  type TombstoneScope,
} from '@telltale/contracts';
import { claudeTranscript } from '@telltale/domain';
import { randomUUID } from 'node:crypto';

interface WrittenFact {
  readonly root: string;
  readonly path: string;
  readonly generation: string;
  readonly offset: number;
  readonly to: number;
  readonly part?: string;
  readonly scope?: TombstoneScope | undefined;
}

/** Writes facts as a watcher would, so that ingest can be tested by itself against a real log. */
export class LogWriter {
  private readonly offsets = new Map<string, { generation: string; offset: number }>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly host = 'test-host',
  ) {}

  /** Publishes whole lines that were appended to a file; long lines go in parts. Returns the last sequence. */
  async append(root: string, path: string, lines: Uint8Array): Promise<number> {
    const known = this.offsets.get(path) ?? { generation: randomUUID(), offset: 0 };
    this.offsets.set(path, known);
    let sequence = 0;
    for (const chunk of chunksOf(lines)) {
      for (let k = 1; k <= chunk.parts.length; k++) {
        const bytes = chunk.parts[k - 1] as Uint8Array;
        const part = chunk.parts.length > 1 ? { part: `${k}/${chunk.parts.length}` } : {};
        sequence = await this.publish(
          'telltale.file.appended.v1',
          { root, path, ...known, to: known.offset + bytes.length, ...part },
          bytes,
        );
        known.offset += bytes.length;
      }
    }
    return sequence;
  }

  /** The file is written anew from its start, as after truncation. */
  restart(path: string): void {
    this.offsets.delete(path);
  }

  /** Publishes one fact of any type. */
  async publish(type: string, file: WrittenFact, body: Uint8Array): Promise<number> {
    const subject = factSubject({
      partition: partitionOf(claudeTranscript(file.root, file.path).orderingKey),
      source: 'claude-code',
      host: this.host,
      file: stableHash(file.path),
    });
    const attributes = factHeaders({
      specversion: '1.0',
      id: randomUUID(),
      source: `/watchers/${this.host}`,
      type,
      time: new Date().toISOString(),
      path: file.path,
      root: file.root,
      generation: file.generation,
      from: file.offset,
      to: file.to,
      seen: performance.timeOrigin + performance.now(),
      ...(file.part === undefined ? {} : { part: file.part }),
      scope: file.scope,
    });
    const event = headers();
    for (const [name, value] of attributes) event.set(name, value);
    const ack = await jetstream(this.connection).publish(subject, body, { headers: event });
    return ack.seq;
  }
}

/** Whole lines of at most a fact's size together, and longer lines cut into parts. */
function chunksOf(lines: Uint8Array): { parts: Uint8Array[] }[] {
  const chunks: { parts: Uint8Array[] }[] = [];
  let start = 0;
  while (start < lines.length) {
    let end = start;
    for (
      let next = lines.indexOf(10, start);
      next !== -1 && next + 1 - start <= maxFactBytes;
      next = lines.indexOf(10, next + 1)
    )
      end = next + 1;
    if (end > start) chunks.push({ parts: [lines.subarray(start, end)] });
    else {
      const newline = lines.indexOf(10, start);
      end = newline === -1 ? lines.length : newline + 1;
      const parts: Uint8Array[] = [];
      for (let at = start; at < end; at += maxFactBytes)
        parts.push(lines.subarray(at, Math.min(end, at + maxFactBytes)));
      chunks.push({ parts });
    }
    start = end;
  }
  return chunks;
}
