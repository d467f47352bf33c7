import type { Exclusion } from '../sources/exclusion';
import type { WatchedSource } from '../sources/source';
import type { FileRegistry } from '../tailing/file-registry';
import type { FileTree, FoundFile } from '../tailing/file-tree';
import { foundAgain } from '../tailing/found-again';
import type { TrackedFile } from '../tailing/tracked-file';
import { positionAfter, type Head } from './head';

export interface VanishedFilesContext {
  readonly registry: FileRegistry;
  readonly tree: Pick<FileTree, 'isRootPresent'>;
  readonly sources: readonly WatchedSource[];
  readonly excluded: Exclusion;
  /** All heads, however long it takes. Rejects once the watcher ends. */
  readAllHeads(): Promise<ReadonlyMap<string, Head>>;
  /** A turn of it finds it gone. */
  onLearned(file: TrackedFile): void;
}

/** Files that the log holds as being there but that were deleted while no watcher ran. */
export class VanishedFiles {
  private learning: Promise<void> | undefined;
  private learnAgain = false;

  constructor(private readonly context: VanishedFilesContext) {}

  /** Those that these heads tell of are watched from now on, as if they were there. */
  add(heads: ReadonlyMap<string, Head>): TrackedFile[] {
    const added: TrackedFile[] = [];
    for (const head of heads.values()) {
      const found = this.find(head);
      if (!found) continue;
      const file = this.context.registry.add(found, undefined);
      file.position = positionAfter(head);
      added.push(file);
    }
    return added;
  }

  /** Once ingest is there and tells all heads: what vanished can wait, for nobody else reads it. */
  learn(): void {
    this.learnAgain = this.learning !== undefined;
    this.learning ??= this.learnAll()
      .catch(() => undefined) // stopped meanwhile
      .finally(() => (this.learning = undefined));
  }

  private async learnAll(): Promise<void> {
    do {
      this.learnAgain = false;
      for (const file of this.add(await this.context.readAllHeads())) this.context.onLearned(file);
    } while (this.learnAgain);
  }

  /** Only below roots of ours that are there: another watcher of this host's name may know others. */
  private find({ subject, attributes }: Head): FoundFile | undefined {
    const { registry, tree, sources, excluded } = this.context;
    if (!attributes || endings.includes(attributes.type)) return undefined;
    const { path, root } = attributes;
    if (registry.get(path) || excluded(path) || !tree.isRootPresent(root)) return undefined;
    const found = foundAgain(sources, { root, path });
    return found && registry.subjectOf(found) === subject ? found : undefined;
  }
}

/** After such a fact there is nothing to be said of a file that is not there. */
const endings: readonly string[] = ['telltale.file.removed.v1', 'telltale.session.deleted.v1'];
