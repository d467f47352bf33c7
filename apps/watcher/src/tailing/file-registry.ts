import { factSubject, partitionOf, stableHash } from '@telltale/contracts';
import type { FoundFile } from './file-tree';
import type { FileStat } from './reading';
import { bytesBehind, newTrackedFile, type TrackedFile } from './tracked-file';

/** All watched files by path. In memory only: what must outlive the process is in the log. */
export class FileRegistry {
  readonly files = new Map<string, TrackedFile>();

  constructor(private readonly host: string) {}

  get(path: string): TrackedFile | undefined {
    return this.files.get(path);
  }

  /** @param stat undefined: not on disk (any more) */
  add(found: FoundFile, stat: FileStat | undefined): TrackedFile {
    const file = newTrackedFile(found, this.subjectOf(found), stat);
    this.files.set(found.path, file);
    return file;
  }

  /** Forgets a file, unless another one has come to its path meanwhile. */
  remove(file: TrackedFile): void {
    if (this.files.get(file.path) === file) this.files.delete(file.path);
  }

  bytesBehind(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += bytesBehind(file);
    return sum;
  }

  subjectOf({ path, orderingKey, source }: FoundFile): string {
    return factSubject({
      partition: partitionOf(orderingKey),
      source: source.name,
      host: this.host,
      file: stableHash(path),
    });
  }
}
