import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@telltale/platform';
import type { TrackedFile } from '../tailing/tracked-file';
import { positionAfter, type Head } from './head';

export interface RealignmentContext {
  readonly connection: NatsConnection;
  readonly files: ReadonlyMap<string, TrackedFile>;
  /** Rejects once the watcher ends. */
  readonly readHeads: () => Promise<ReadonlyMap<string, Head>>;
  /** The file's position was set anew: it wants a turn. */
  readonly onMoved: (file: TrackedFile) => void;
  readonly logger: Logger;
}

/**
 * Compares every file's position with the log as it is now. After the broker was away it may be another one, or
 * have lost its end; a file that never changes again would otherwise never find out. Files that are published
 * while the heads are read take care of themselves: compare-and-set tells them.
 */
export class Realignment {
  private running: Promise<void> | undefined;

  constructor(private readonly context: RealignmentContext) {}

  /** Begins one whenever the connection is back. Ends with the connection. */
  async follow(): Promise<void> {
    for await (const status of this.context.connection.status()) {
      if (status.type === 'reconnect') this.begin();
    }
  }

  /** One at a time. */
  begin(): void {
    this.running ??= this.run()
      .catch(() => undefined) // stopped meanwhile
      .finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    const { files, readHeads, onMoved, logger } = this.context;
    const before = new Map([...files.values()].map((file) => [file, file.position]));
    const heads = await readHeads();
    let moved = 0;
    for (const [file, position] of before) {
      const head = heads.get(file.subject);
      if (file.running || file.position !== position || (head?.sequence ?? 0) === position.sequence) continue;
      file.position = positionAfter(head);
      moved += 1;
      onMoved(file);
    }
    if (moved > 0) logger.warn('the log is not where it was; publishing again from there', { files: moved });
  }
}
