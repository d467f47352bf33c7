/** What a file of OpenCode's is, told by its path alone. */
export type OpenCodeFile =
  /** Small JSON files: one for each session, message, part and list of todos. */
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'message'; readonly sessionId: string; readonly messageId: string }
  /** `messageId` is null in the oldest layout, where only the part tells it. */
  | { readonly kind: 'part'; readonly messageId: string | null; readonly partId: string }
  | { readonly kind: 'todo'; readonly sessionId: string }
  /** The rows of one session in an SQLite store: `<database>#<session id>`. */
  | { readonly kind: 'rows'; readonly database: string; readonly sessionId: string }
  /** The SQLite store itself, and the file its newest changes stand in. */
  | { readonly kind: 'database' | 'write-ahead-log'; readonly database: string }
  | { readonly kind: 'other' };

const other: OpenCodeFile = { kind: 'other' };
const databaseName = /^opencode(?:-[A-Za-z0-9._-]+)?\.db(-wal)?$/;
const rowsPath = /^(.*[\\/]opencode(?:-[A-Za-z0-9._-]+)?\.db)#(.+)$/s;

/** `root` is the data folder, or its `storage` folder; it may be empty where it is not known. */
export function openCodeFile(root: string, path: string): OpenCodeFile {
  const rows = rowsPath.exec(path);
  if (rows) return { kind: 'rows', database: rows[1] ?? '', sessionId: rows[2] ?? '' };
  const segments = below(root, path);
  const [first, ...rest] = segments;
  if (segments.length === 1) return databaseFile(first ?? '', path);
  return first === 'storage' ? documentFile(rest) : documentFile(segments);
}

function databaseFile(name: string, path: string): OpenCodeFile {
  const match = databaseName.exec(name);
  if (!match) return other;
  return match[1] === undefined
    ? { kind: 'database', database: path }
    : { kind: 'write-ahead-log', database: path.slice(0, -'-wal'.length) };
}

function documentFile([folder, ...names]: readonly string[]): OpenCodeFile {
  const id = documentId(names.at(-1) ?? '');
  if (id === undefined) return other;
  const [parent] = names;
  switch (`${folder}/${names.length}`) {
    case 'session/2':
      return { kind: 'session', sessionId: id };
    case 'message/2':
      return { kind: 'message', sessionId: parent ?? '', messageId: id };
    case 'part/2':
      return { kind: 'part', messageId: parent ?? '', partId: id };
    case 'part/1':
      return { kind: 'part', messageId: null, partId: id };
    case 'todo/1':
      return { kind: 'todo', sessionId: id };
    default:
      return other;
  }
}

/** Drafts that are renamed once they are whole begin with a dot. */
function documentId(name: string): string | undefined {
  return name.endsWith('.json') && !name.startsWith('.') ? name.slice(0, -'.json'.length) : undefined;
}

function below(root: string, path: string): string[] {
  const plain = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  if (base !== '' && plain.startsWith(`${base}/`)) return plain.slice(base.length + 1).split('/');
  const at = plain.lastIndexOf('/storage/');
  return plain.slice(at < 0 ? plain.lastIndexOf('/') + 1 : at + 1).split('/');
}
