import type { OpenCodeFile } from '@telltale/domain';
import type { FileReader, ReadRequest } from '../../tailing/file-reader';
import { readDocument } from '../../tailing/read-document';
import type { FreshBytes, Reading } from '../../tailing/reading';
import { folderIn, type SessionFolders } from './session-folders';

/** What a document's reader asks of its store. */
export interface DocumentStore {
  /** False: nothing is excluded, and nobody needs to know where a session was at work. */
  readonly hasExclusions: boolean;
  readonly folders: SessionFolders;
  isExcluded(directory: string): boolean;
}

const sessionIdIn = /"sessionID"\s*:\s*"([^"\\]+)"/;

/** Reads a document of the JSON store, unless it belongs to a session at work in an excluded folder. */
export class DocumentReader implements FileReader {
  readonly grows = false;
  private sessionId: string | undefined;

  constructor(
    private readonly file: Extract<OpenCodeFile, { kind: 'session' | 'message' | 'part' | 'todo' }>,
    private readonly store: DocumentStore,
  ) {
    this.sessionId = 'sessionId' in file ? file.sessionId : undefined;
  }

  async read(request: ReadRequest): Promise<Reading> {
    const reading = await readDocument(request);
    if (reading.kind !== 'bytes' || !this.store.hasExclusions) return reading;
    const folder = await this.folderOf(reading);
    if (folder === undefined || !this.store.isExcluded(folder)) return reading;
    return { kind: 'nothing', stat: reading.stat, search: undefined };
  }

  private async folderOf({ bytes, part }: FreshBytes): Promise<string | undefined> {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    // Only it says itself where it is; longer than a fact it never is.
    if (this.file.kind === 'session' && part === undefined) return folderIn(text);
    this.sessionId ??= sessionIdIn.exec(text)?.[1];
    return this.sessionId === undefined ? undefined : this.store.folders.of(this.sessionId);
  }
}
