import type { DecoderState, LineDecoder, LineOutcome } from '../decoding/decoder';
import type { FileContext, Observation } from '../observation';
import type { TranscriptFile } from './transcript-writer';

export const testRoot = '/home/dev/.claude';

export interface DecodedFile {
  readonly observations: Observation[];
  /** Of each line, in order. */
  readonly outcomes: LineOutcome[];
  readonly state: DecoderState;
}

/** Where a generated file stands on its host. */
export function contextOf(path: string): FileContext {
  return {
    source: 'claude-code',
    host: 'test',
    root: testRoot,
    path: `${testRoot}/${path}`,
    fact: 'file.appended',
  };
}

/** All of a file's lines through a decoder, one fact, offsets as if the lines were ASCII. */
export function decodeFile(decoder: LineDecoder, { path, lines }: TranscriptFile): DecodedFile {
  const file = contextOf(path);
  const state = decoder.initialState(file);
  const observations: Observation[] = [];
  let offset = 0;
  const outcomes = lines.map((line, n) => {
    const outcome = decoder.decodeLine(state, line, file, { sequence: 1, line: n, offset }, observations);
    offset += line.length + 1;
    return outcome;
  });
  return { observations, outcomes, state };
}
