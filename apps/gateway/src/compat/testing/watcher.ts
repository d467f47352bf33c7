import { createHash, randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  bytesSubject,
  factHeaders,
  factSubject,
  partitionOf,
  stableHash,
  type FactType,
  type Source,
} from '@telltale/contracts';

interface Fact {
  readonly source: Source;
  readonly root: string;
  readonly path: string;
  readonly type: FactType;
  readonly lines: readonly object[];
}

const host = 'atlas';

/** Publishes what a watcher of `atlas` would, for the real ingest. */
export class TestWatcher {
  private readonly offsets = new Map<string, { readonly generation: string; offset: number }>();

  constructor(private readonly nats: NatsConnection) {}

  /** Records that Claude Code appended to a session's transcript. */
  transcript(session: string, ...lines: readonly object[]): Promise<void> {
    const root = '/home/dev/.claude';
    const path = `${root}/projects/-home-dev-app/${session}.jsonl`;
    return this.publish({ source: 'claude-code', root, path, type: 'telltale.file.appended.v1', lines });
  }

  /** A folder of a UI test run was made. */
  run(folder: string): Promise<void> {
    const line = { element: 'run', value: { folder, createdAt: Date.now() } };
    return this.ofRun(folder, '', 'telltale.file.replaced.v1', line);
  }

  /** A picture appeared in it. */
  async picture(folder: string, filename: string, bytes: Uint8Array): Promise<void> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await jetstream(this.nats).publish(bytesSubject({ host, sha256, chunk: 0 }), bytes);
    const size = { bytes: bytes.length, width: 32, height: 20 };
    const line = { filename, sha256, mediaType: 'image/png', ...size, modifiedAt: Date.now() };
    await this.ofRun(folder, `/screenshots/${filename}`, 'telltale.attachment.added.v1', line);
  }

  private ofRun(folder: string, name: string, type: FactType, line: object): Promise<void> {
    const root = '/srv/results';
    return this.publish({ source: 'ui-test', root, path: `${root}/${folder}${name}`, type, lines: [line] });
  }

  private async publish({ source, root, path, type, lines }: Fact): Promise<void> {
    const body = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const known = this.offsets.get(path) ?? { generation: randomUUID(), offset: 0 };
    this.offsets.set(path, known);
    const attributes = factHeaders({
      ...{ specversion: '1.0', id: randomUUID(), source: `/watchers/${host}`, type },
      ...{ time: new Date().toISOString(), path, root, generation: known.generation, seen: Date.now() },
      ...{ from: known.offset, to: known.offset + body.length },
    });
    known.offset += body.length;
    const event = headers();
    for (const [name, value] of attributes) event.set(name, value);
    const subject = factSubject({ partition: partitionOf(path), source, host, file: stableHash(path) });
    await jetstream(this.nats).publish(subject, body, { headers: event });
  }
}
