import { stableHash, subjectToken, type Source } from '@telltale/contracts';
import { claudeTranscript } from '../decoding/claude-code';

/** A file of one host, as facts name it. */
export interface KnownFile {
  readonly source: Source;
  readonly host: string;
  readonly root: string;
  readonly path: string;
}

/** How a file is named beside its facts: the tail of its subject. */
export function fileName({ source, host, path }: Pick<KnownFile, 'source' | 'host' | 'path'>): string {
  return `${source}.${subjectToken(host)}.${stableHash(path)}`;
}

/**
 * Files that may say something of the session of these files without telling of anything that happened in it: titles
 * and descriptions beside a transcript, and the live registry's entry of a process that ran it.
 *
 * @param processes that ran it, each `<host>:<pid>`
 */
export function kinOf(files: readonly KnownFile[], processes: readonly string[]): string[] {
  const kin = files
    .filter(({ source }) => source === 'claude-code')
    .flatMap((file) => paths(file, processes));
  return [...new Set(kin.map(fileName))];
}

function paths(file: KnownFile, processes: readonly string[]): KnownFile[] {
  const { root, path, host } = file;
  const transcript = claudeTranscript(root, path);
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const separator = folder.at(-1) ?? '/';
  const at = (beside: string): KnownFile => ({ ...file, path: beside });
  switch (transcript.kind) {
    case 'main': {
      const pids = processes
        .filter((name) => name.startsWith(`${host}:`))
        .map((name) => name.slice(host.length + 1));
      return [
        at(`${folder}sessions-index.json`),
        at(`${folder}${transcript.sessionId}${separator}custom-title.json`),
        ...pids.map((pid) => at([root, 'sessions', `${pid}.json`].join(separator))),
      ];
    }
    case 'agent':
      return [at(path.replace(/\.jsonl$/, '.meta.json')), at(`${folder}journal.jsonl`)];
    default:
      return [];
  }
}
