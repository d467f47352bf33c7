import type { TrackedFile } from '../tailing/tracked-file';
import { positionAfter, type Head } from './head';

export interface RealignmentRequest {
  readonly files: ReadonlyMap<string, TrackedFile>;
  readonly readHeads: () => Promise<ReadonlyMap<string, Head>>;
  /** The file's position was set anew: it wants a turn. */
  readonly onMoved: (file: TrackedFile) => void;
}

/**
 * Compares every file's position with the log as it is now. After the broker was away it may be another one, or
 * have lost its end; a file that never changes again would otherwise never find out. Files that are published
 * while the heads are read take care of themselves: compare-and-set tells them.
 *
 * @returns how many files moved
 */
export async function realign({ files, readHeads, onMoved }: RealignmentRequest): Promise<number> {
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
  return moved;
}
