import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { openCodeFile } from '@telltale/domain';
import type { FileDescription, Members, WatchedSource } from '../source';
import { DocumentReader, type DocumentStore } from './document-reader';
import { SessionFolders } from './session-folders';
import { SqliteStore } from './sqlite-store';

/** What is kept in folders of the JSON store; the other folders hold files of no interest, many and large. */
const documentFolders: readonly (string | undefined)[] = ['session', 'message', 'part', 'todo'];

/** OpenCode's sessions: the JSON store and the SQLite stores below each data folder. For one watcher only. */
export function openCodeSource(roots: readonly string[]): WatchedSource {
  const stores = new Stores();
  return {
    name: 'opencode',
    roots,
    attach: (members) => stores.attach(members),
    entersDirectory(root, directory) {
      const [folder, , ...deeper] = documentPath(root, directory);
      return folder === undefined || (documentFolders.includes(folder) && deeper.length === 0);
    },
    isShortLived(root, directory) {
      const [folder, ...deeper] = documentPath(root, directory);
      return deeper.length > 0 && (folder === 'message' || folder === 'part');
    },
    describeFile: (root, path) => description(root, path, stores),
  };
}

function description(root: string, path: string, stores: Stores): FileDescription | undefined {
  const file = openCodeFile(root, path);
  switch (file.kind) {
    case 'session':
    case 'message':
    case 'todo':
    case 'part': {
      const reading = () => new DocumentReader(file, stores.documents(root));
      return { reading, orderingKey: file.kind === 'part' ? root : file.sessionId };
    }
    case 'database':
    case 'write-ahead-log':
      return { reading: () => stores.sqlite(root, file.database).fileReader(), orderingKey: file.database };
    case 'rows':
      return {
        reading: () => stores.sqlite(root, file.database).reader(file.sessionId),
        orderingKey: file.sessionId,
      };
    case 'other':
      return undefined;
  }
}

/** The stores that were found, each known once, however many files of it there are. */
class Stores {
  private readonly sqliteStores = new Map<string, SqliteStore>();
  private readonly documentStores = new Map<string, DocumentStore>();
  private members: Members | undefined;

  attach(members: Members): void {
    this.members = members;
  }

  sqlite(root: string, path: string): SqliteStore {
    const known = this.sqliteStores.get(path);
    if (known !== undefined) return known;
    const store = new SqliteStore(path, {
      request: (sessionId, turn) => this.members?.request({ root, path: `${path}#${sessionId}`, ...turn }),
      excludes: (directory) => this.members?.excludes(directory) ?? false,
    });
    this.sqliteStores.set(path, store);
    return store;
  }

  documents(root: string): DocumentStore {
    const known = this.documentStores.get(root);
    if (known !== undefined) return known;
    const storage = existsSync(join(root, 'storage')) ? join(root, 'storage') : root;
    const store: DocumentStore = {
      hasExclusions: this.members?.hasExclusions ?? false,
      folders: new SessionFolders(join(storage, 'session')),
      isExcluded: (directory) => this.members?.excludes(directory) ?? false,
    };
    this.documentStores.set(root, store);
    return store;
  }
}

/** Folders on the way, from the store's own folder on: `storage` may be the root itself. */
function documentPath(root: string, directory: string): string[] {
  const segments = relative(root, directory).split(sep);
  return segments[0] === 'storage' ? segments.slice(1) : segments;
}
