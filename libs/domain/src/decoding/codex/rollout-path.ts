/**
 * What a file below a Codex home is, told by its path alone. `sessionId` is null where the file's name does not hold
 * one: then its records tell. (Codex names them `rollout-<time>-<id>.jsonl`; copies may have other names.) A rollout in `archived_sessions` is the session it was in `sessions`.
 */
export type CodexFile =
  | { readonly kind: 'rollout'; readonly sessionId: string | null; readonly orderingKey: string }
  | { readonly kind: 'other' };

const uuidAtEnd = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/i;
const folders = ['sessions', 'archived_sessions'];

/** `root` may be empty where it is not known: then what follows the last folder of sessions counts. */
export function codexFile(root: string, path: string): CodexFile {
  const [folder, ...deeper] = below(root, path);
  const name = deeper.at(-1) ?? '';
  if (!folders.includes(folder ?? '') || !name.endsWith('.jsonl')) return { kind: 'other' };
  const sessionId = uuidAtEnd.exec(name)?.[1] ?? null;
  return { kind: 'rollout', sessionId, orderingKey: sessionId ?? path };
}

/** The name of a rollout without its suffix: what is left to tell sessions apart that never state an id. */
export function rolloutStem(path: string): string {
  const name = path.replaceAll('\\', '/').split('/').at(-1) ?? path;
  return name.replace(/\.jsonl$/, '') || 'rollout';
}

function below(root: string, path: string): string[] {
  const plain = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  if (base !== '' && plain.startsWith(`${base}/`)) return plain.slice(base.length + 1).split('/');
  const segments = plain.split('/');
  const start = Math.max(...folders.map((folder) => segments.lastIndexOf(folder)));
  return start >= 0 ? segments.slice(start) : [];
}
