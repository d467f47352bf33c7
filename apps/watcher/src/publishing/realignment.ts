import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@telltale/platform';
import type { Position } from '../tailing/position';
import type { TrackedFile } from '../tailing/tracked-file';
import { positionAfter, type Head } from './head';

/** A file and where it was before the heads were read. */
type Placed = readonly [TrackedFile, Position];

export interface RealignmentContext {
  readonly connection: Pick<NatsConnection, 'status'>;
  readonly files: ReadonlyMap<string, TrackedFile>;
  /** Rejects once the watcher ends. */
  readonly readHeads: () => Promise<ReadonlyMap<string, Head>>;
  /** Resolves when the turn is over that the file has now. */
  readonly turnOver: (file: TrackedFile) => Promise<void>;
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
    const { files, readHeads, turnOver, logger } = this.context;
    const before = [...files.values()].map((file): Placed => [file, file.position]);
    const heads = await readHeads();
    let moved = 0;
    // A turn that is under way may find nothing to publish, and then finds out nothing either.
    for (let left = before; left.length > 0;) {
      const misplaced = left.filter((placed) => this.isMisplaced(placed, heads));
      const atRest = misplaced.filter(([{ running }]) => !running);
      left = misplaced.filter(([{ running }]) => running); // before any moves, which may begin its turn
      for (const [file] of atRest) this.move(file, heads);
      moved += atRest.length;
      if (left.length > 0) await Promise.race(left.map(([file]) => turnOver(file)));
    }
    if (moved > 0) logger.warn('the log is not where it was; publishing again from there', { files: moved });
  }

  /** Its position is still the one that it had before the heads were read, and the log says otherwise. */
  private isMisplaced([file, position]: Placed, heads: ReadonlyMap<string, Head>): boolean {
    return file.position === position && (heads.get(file.subject)?.sequence ?? 0) !== position.sequence;
  }

  private move(file: TrackedFile, heads: ReadonlyMap<string, Head>): void {
    file.position = positionAfter(heads.get(file.subject));
    this.context.onMoved(file);
  }
}
