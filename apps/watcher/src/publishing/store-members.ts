import { nothingExcluded, type Exclusion } from '../sources/exclusion';
import type { MemberTurn, WatchedSource } from '../sources/source';
import type { FileRegistry } from '../tailing/file-registry';
import type { TrackedFile } from '../tailing/tracked-file';

export interface StoreMembersContext {
  readonly registry: FileRegistry;
  readonly excluded: Exclusion;
  readonly onAdded: (file: TrackedFile) => void;
  readonly onTurn: (file: TrackedFile, isLive: boolean) => void;
}

/** What stores hold of a session each: watched from the first turn on that its store asks for. */
export class StoreMembers {
  constructor(private readonly context: StoreMembersContext) {}

  attach(source: WatchedSource): void {
    const { excluded, onTurn } = this.context;
    source.attach?.({
      request: (turn) => {
        const file = this.member(source, turn);
        if (file) onTurn(file, turn.isLive);
      },
      hasExclusions: excluded !== nothingExcluded,
      excludes: (directory) => excluded(directory),
    });
  }

  /** Undefined where it must not be read. */
  private member(source: WatchedSource, { root, path, changedAt }: MemberTurn): TrackedFile | undefined {
    const { registry, excluded, onAdded } = this.context;
    const known = registry.get(path);
    if (known) return known;
    const description = excluded(path) ? undefined : source.describeFile(root, path);
    if (description === undefined) return undefined;
    const stat = { size: 0, mtimeMs: changedAt, inode: 0 };
    const file = registry.add({ ...description, path, root, source, local: false }, stat);
    onAdded(file);
    return file;
  }
}
