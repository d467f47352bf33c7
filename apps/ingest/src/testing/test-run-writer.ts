import { createHash, randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  bytesChunkBytes,
  bytesSubject,
  factHeaders,
  factSubject,
  partitionOf,
  stableHash,
  type FactType,
} from '@telltale/contracts';

const root = '/srv/results';

/** Writes the facts of a UI test run, and the bytes of its pictures, as a watcher would. */
export class TestRunWriter {
  constructor(
    private readonly connection: NatsConnection,
    readonly folder: string,
    private readonly host = 'atlas',
  ) {}

  get sessionId(): string {
    return `${this.folder}@${this.host}`;
  }

  begin(): Promise<number> {
    const value = { folder: this.folder, createdAt: Date.now() };
    return this.publish('', 'telltale.file.replaced.v1', { element: 'run', value });
  }

  report(report: object): Promise<number> {
    return this.publish('/output.json', 'telltale.file.appended.v1', report);
  }

  /** The chunks of a picture, but for those to be left out. */
  async store(
    bytes: Uint8Array,
    { without = [] as readonly number[], under = sha256(bytes) } = {},
  ): Promise<void> {
    for (let chunk = 0; chunk * bytesChunkBytes < bytes.length; chunk++) {
      if (without.includes(chunk)) continue;
      const subject = bytesSubject({ host: this.host, sha256: under, chunk });
      const part = bytes.subarray(chunk * bytesChunkBytes, (chunk + 1) * bytesChunkBytes);
      await jetstream(this.connection).publish(subject, part);
    }
  }

  /** The fact that tells of a picture, whatever the byte stream holds. */
  tell(
    filename: string,
    bytes: Uint8Array,
    changes: object = {},
    around: { readonly before?: string } = {},
  ): Promise<number> {
    const line = {
      filename,
      sha256: sha256(bytes),
      mediaType: 'image/png',
      bytes: bytes.length,
      width: 32,
      height: 20,
      modifiedAt: Date.now(),
      ...changes,
    };
    return this.publish(`/screenshots/${filename}`, 'telltale.attachment.added.v1', line, around);
  }

  private async publish(name: string, type: FactType, line: object, { before = '' } = {}): Promise<number> {
    const path = `${root}/${this.folder}${name}`;
    const body = Buffer.from(`${before}${JSON.stringify(line)}\n`);
    const event = headers();
    const attributes = factHeaders({
      specversion: '1.0',
      id: randomUUID(),
      source: `/watchers/${this.host}`,
      type,
      time: new Date().toISOString(),
      path,
      root,
      generation: randomUUID(),
      from: 0,
      to: body.length,
      seen: Date.now(),
    });
    for (const [attribute, value] of attributes) event.set(attribute, value);
    const subject = factSubject({
      partition: partitionOf(this.folder),
      source: 'ui-test',
      host: this.host,
      file: stableHash(path),
    });
    return (await jetstream(this.connection).publish(subject, body, { headers: event })).seq;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
