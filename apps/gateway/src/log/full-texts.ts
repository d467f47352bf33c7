import { Inject, Injectable } from '@nestjs/common';
import { decoderOf, previewBytes, type FullText } from '@telltale/domain';
import { LogReader, type LineReader } from './log-reader';

/** Where a record's text stands in the log: sequence of its fact, line in the fact's body. */
export interface TextPlace {
  readonly s: number;
  readonly l: number;
}

/** Whole texts of what the read model keeps previews of. */
@Injectable()
export class FullTexts {
  constructor(@Inject(LogReader) private readonly log: LineReader) {}

  /** Reads ahead what {@link at} will ask for. Never throws. */
  fetch({ s }: TextPlace): Promise<void> {
    return this.log.fetch(s);
  }

  /** What `key` names in the line at this place; undefined where it cannot be read any more. */
  async at(place: TextPlace, key: string): Promise<FullText | undefined> {
    const line = await this.log.line(place.s, place.l);
    return line && decoderOf(line.source)?.fullText(line.text, key);
  }
}

/** Previews are cut between characters of at most four bytes: whatever is shorter than that is the whole text. */
export function mayBeCut(preview: string): boolean {
  return Buffer.byteLength(preview) > previewBytes - 4;
}
