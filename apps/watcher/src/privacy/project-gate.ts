import { nothingExcluded, type Exclusion } from '../sources/exclusion';
import { readAt } from '../tailing/bounded-reads';
import { openFile } from '../tailing/opened-file';
import type { FreshBytes } from '../tailing/reading';
import type { TrackedFile } from '../tailing/tracked-file';

/** A transcript says where it was written within its first records. */
const headBytes = 256 * 1024;
/** Not within a string of a record: there its quotes are escaped. */
const workingFolder = /"cwd"\s{0,8}:\s{0,8}("(?:[^"\\]|\\.){1,4096}")/;

/**
 * Says of transcripts whose path does not tell their project whether that project is excluded: by the working folder
 * in their first records. Before one is told nothing is excluded.
 */
export class ProjectGate {
  private readonly decided = new WeakMap<
    TrackedFile,
    { readonly generation: string; readonly isExcluded: boolean }
  >();

  constructor(private readonly excluded: Exclusion) {}

  /** @throws errors of the file system other than "no such file" */
  async isExcluded(file: TrackedFile, reading: FreshBytes): Promise<boolean> {
    // Elements and rows of a store may be of many projects: their reader knows.
    if (this.excluded === nothingExcluded || reading.type !== undefined) return false;
    const known = this.decided.get(file);
    if (known?.generation === reading.generation) return known.isExcluded;
    const folder = folderIn(reading.bytes) ?? (reading.from > 0 ? folderIn(await headOf(file)) : undefined);
    if (folder === undefined) return false;
    const isExcluded = this.excluded(folder);
    this.decided.set(file, { generation: reading.generation, isExcluded });
    return isExcluded;
  }
}

function folderIn(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString(
    'utf8',
  );
  const quoted = workingFolder.exec(head)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined; // an escape that is none
  }
}

async function headOf(file: TrackedFile): Promise<Uint8Array> {
  const opened = await openFile(file.path, file.local);
  if (opened === undefined) return new Uint8Array();
  try {
    return await readAt(opened, 0, headBytes);
  } finally {
    opened.close();
  }
}
