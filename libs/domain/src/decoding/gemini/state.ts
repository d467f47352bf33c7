import type { DecoderState } from '../decoder';

/** What the decoder remembers of a chat from line to line. JSON. */
export interface GeminiState {
  sessionId: string | null;
  /** Epoch milliseconds of the last message seen; 0 before any. */
  at: number;
  /** Times the chat's own fields stated before any message was seen: the earliest and the latest. */
  held: readonly number[];
  /** The first prompt was told. */
  prompted: boolean;
  model: string | null;
}

/** Of a chat of which no line was read. */
export function initialGeminiState(): DecoderState & GeminiState {
  return { sessionId: null, at: 0, held: [], prompted: false, model: null };
}

/** The state was made by {@link initialGeminiState} under the same decoder version, so its shape is known. */
export function stateOf(stored: DecoderState): GeminiState {
  return stored as DecoderState & GeminiState;
}
