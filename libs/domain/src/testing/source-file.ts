import type { DecoderState, LineDecoder, LineOutcome } from '../decoding/decoder';
import type { FileContext, Observation } from '../observation';

/** The facts of one file or store as its decoder is given them: lines, and what kind of fact they come in. */
export interface SourceFile extends FileContext {
  readonly lines: readonly string[];
}

export interface DecodedSource {
  readonly observations: Observation[];
  /** Of each line, in order. */
  readonly outcomes: LineOutcome[];
  readonly state: DecoderState;
}

/** All of a file's lines through a decoder, one fact, offsets as if the lines were ASCII. `cut`: the state passes through JSON after so many lines. */
export function decodeSource(decoder: LineDecoder, file: SourceFile, cut = Infinity): DecodedSource {
  const { lines, ...context } = file;
  let state = decoder.initialState(context);
  const observations: Observation[] = [];
  let offset = 0;
  const outcomes = lines.map((line, n) => {
    if (n > 0 && n % cut === 0) state = JSON.parse(JSON.stringify(state)) as DecoderState;
    const outcome = decoder.decodeLine(state, line, context, { sequence: 1, line: n, offset }, observations);
    offset += line.length + 1;
    return outcome;
  });
  return { observations, outcomes, state };
}
