import type { FileContext, Observation, Place } from '../observation';

/** JSON: it is stored between two lines of a file. */
export type DecoderState = { [key: string]: unknown };

export type LineOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Reads one tool's lines. Pure: the same lines in the same order give the same observations and state,
 * however they are cut into calls.
 */
export interface LineDecoder {
  /** Rises with every change of what is read; stored with the state. */
  readonly version: number;
  initialState(file: FileContext): DecoderState;
  /**
   * Decodes one whole line (without its newline). Changes `state` in place and pushes what it saw into `sink`;
   * on failure neither is changed, and the reason is for the quarantine. Never throws.
   */
  decodeLine(
    state: DecoderState,
    line: string,
    file: FileContext,
    place: Place,
    sink: Observation[],
  ): LineOutcome;
  /** The whole text of what `key` names in this line, for a reader of the log; undefined where it is not there. */
  fullText(line: string, key: string): FullText | undefined;
}

/** All that the product knows of a tool's records. One for each source, entered in `decoders.ts`. */
export interface SourceDecoder extends LineDecoder {
  /**
   * `main` or the agent whose transcript a file is; what else the path tells of a file's part in its session. Empty:
   * one of many small files that is not listed as its session's.
   */
  roleOf(file: Pick<FileContext, 'root' | 'path'>): string;
  /** How a session ended holds whatever is written after it: it is not opened again. */
  readonly outcomeHolds?: true;
  /** Not each of its files says by itself whose it is: some are known only by the records that came of them. */
  readonly hasStrays?: true;
  /** The session that the file's path alone tells; undefined where only its records do. */
  sessionOf?(file: Pick<FileContext, 'root' | 'path' | 'host'>): string | undefined;
  /** Whether the file is one session's now and another's later, or lists many: it is no session's own. */
  tellsOfMany?(file: Pick<FileContext, 'root' | 'path'>): boolean;
  /** Sessions that a line names, also where it says nothing of them that is read. */
  sessionsNamed?(line: string, file: Pick<FileContext, 'root' | 'path'>): readonly string[];
  /**
   * Versions of a document that lists many sessions as one that says the same of all but those that are gone. Undefined
   * for files of another kind, and where nothing would be left.
   */
  withoutSessions?(
    versions: readonly string[],
    file: Pick<FileContext, 'root' | 'path'>,
    isGone: (sessionId: string) => boolean,
  ): string | undefined;
  /**
   * The file was removed: what that says beside the session being archived once all its files are.
   * `at`: epoch milliseconds.
   */
  fileRemoved?(state: DecoderState, file: FileContext, removal: Removal, sink: Observation[]): void;
}

export interface Removal {
  readonly at: number;
  readonly place: Place;
}

export interface FullText {
  readonly text?: string;
  /** Tool input as JSON text, tool result as text. */
  readonly input?: string;
  readonly result?: string;
}
