import { Injectable } from '@nestjs/common';
import type { FullText } from '@telltale/domain';
import { FullTexts, mayBeCut, type TextPlace } from '../log/full-texts';
import type { MessageRow } from './message-row';

@Injectable()
export class MessageTexts {
  constructor(private readonly texts: FullTexts) {}

  /** Brings what these rows need from the log, side by side: then each is made at once. Never throws. */
  async fetch(rows: readonly MessageRow[]): Promise<void> {
    await Promise.all(rows.flatMap(placesOf).map((place) => this.texts.fetch(place)));
  }

  /** What the previews of this row leave out, read from the log; nothing where they are the whole text. */
  async of(row: MessageRow): Promise<FullText> {
    return row.kind === 'tool' ? this.ofTool(row) : this.ofText(row);
  }

  private async ofText(row: MessageRow): Promise<FullText> {
    if (!mayBeCut(row.preview)) return {};
    const texts: string[] = [];
    for (const part of row.parts) {
      const full = await this.texts.at(part, row.key);
      if (full === undefined) return {}; // one block is gone: the preview is better than a text with a hole
      if (full.text) texts.push(full.text);
    }
    return texts.length > 0 ? { text: texts.join('\n\n') } : {};
  }

  private async ofTool(row: MessageRow): Promise<FullText> {
    const input = mayBeCut(row.input ?? '') ? await this.partOf(row, 'use') : undefined;
    const result = mayBeCut(row.preview) ? await this.partOf(row, 'result') : undefined;
    return {
      ...(input?.input === undefined ? {} : { input: input.input }),
      ...(result?.result === undefined ? {} : { result: result.result }),
    };
  }

  private async partOf(row: MessageRow, role: 'use' | 'result'): Promise<FullText | undefined> {
    const part = row.parts.find((each) => each.r === role);
    return part && this.texts.at(part, row.key);
  }
}

/** Where what the previews of a row leave out begins. */
function placesOf({ kind, preview, input, parts }: MessageRow): readonly TextPlace[] {
  if (kind !== 'tool') return mayBeCut(preview) ? parts.slice(0, 1) : [];
  const roles = [mayBeCut(input ?? '') ? 'use' : '', mayBeCut(preview) ? 'result' : ''];
  return parts.filter(({ r }) => r !== undefined && roles.includes(r));
}
