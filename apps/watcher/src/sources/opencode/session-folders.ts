import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sessions whose folder is remembered; others are looked up again. */
const remembered = 2000;

/** Tells where the sessions of a JSON store were at work: only the session's own document says it. */
export class SessionFolders {
  private readonly known = new Map<string, string>();

  /** @param sessions the folder that holds a folder of sessions for each project */
  constructor(private readonly sessions: string) {}

  /** Undefined where no document of the session can be found. */
  async of(sessionId: string): Promise<string | undefined> {
    const known = this.known.get(sessionId);
    if (known !== undefined) return known;
    const projects = await readdir(this.sessions).catch(() => []); // not there: nothing is known of any session
    for (const project of projects) {
      const folder = folderIn(await textOf(join(this.sessions, project, `${sessionId}.json`)));
      if (folder !== undefined) return this.remember(sessionId, folder);
    }
    return undefined;
  }

  private remember(sessionId: string, folder: string): string {
    if (this.known.size >= remembered) this.known.clear();
    this.known.set(sessionId, folder);
    return folder;
  }
}

/** Where the text of a session's document says that it is at work. */
export function folderIn(document: string): string | undefined {
  try {
    const value: unknown = JSON.parse(document);
    const folder =
      typeof value === 'object' && value !== null && 'directory' in value ? value.directory : undefined;
    return typeof folder === 'string' ? folder : undefined;
  } catch {
    return undefined; // half written, or none
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => ''); // of another project, or gone
}
