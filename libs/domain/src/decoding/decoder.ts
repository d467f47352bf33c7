import type { FileContext, Observation, Place } from './observation';

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

export interface FullText {
  readonly text?: string;
  /** Tool input as JSON text, tool result as text. */
  readonly input?: string;
  readonly result?: string;
}
