/** What a path below a folder of test results is, told by the path alone. */
export type RunFile =
  /** The run's own folder: it is there before anything in it. */
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'report'; readonly folder: string }
  | { readonly kind: 'screenshot'; readonly folder: string; readonly filename: string }
  | { readonly kind: 'other' };

const other: RunFile = { kind: 'other' };
const picture = /^[^.].*\.(?:png|jpe?g|webp)$/i;

/** `session_<stamp>/{output.json, screenshots/*.png}` below a root. Everything else of a run, its logs above all, is left alone. */
export function runFile(root: string, path: string): RunFile {
  const [folder, name, filename, ...deeper] = below(root, path);
  if (folder === undefined || !/^session_./.test(folder)) return other;
  if (name === undefined) return { kind: 'folder', folder };
  if (filename === undefined) return name === 'output.json' ? { kind: 'report', folder } : other;
  const isPicture = name === 'screenshots' && deeper.length === 0 && picture.test(filename);
  return isPicture ? { kind: 'screenshot', folder, filename } : other;
}

/** Where the root is not known, what begins at the last `session_` folder counts. */
function below(root: string, path: string): string[] {
  const plain = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  if (base !== '' && plain.startsWith(`${base}/`)) return plain.slice(base.length + 1).split('/');
  const segments = plain.split('/');
  const run = segments.findLastIndex((segment) => segment.startsWith('session_'));
  return run < 0 ? [] : segments.slice(run);
}
