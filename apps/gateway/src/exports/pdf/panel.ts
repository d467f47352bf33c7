import { setImmediate } from 'node:timers/promises';
import { palette } from './palette';
import type { Sheet } from './sheet';

export interface PanelHead {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly title: string;
  /** Faint, beside the title. */
  readonly note?: string;
}

export const panelHeadHeight = 26;
/** Laying out a row of text takes up to a millisecond. */
const rowsAtOnce = 5;

/** The title of a panel and the hairline below it. */
export function panelHead(sheet: Sheet, { x, y, width, title, note }: PanelHead): void {
  const taken = sheet.line(title, { x: x + 12, y: y + 16.5 }, { size: 9.5, weight: 'semibold' });
  if (note !== undefined)
    sheet.line(
      note,
      { x: x + 20 + taken, y: y + 16.5, width: width - taken - 32 },
      { size: 8, colour: palette.faint },
    );
  sheet.rule(y + panelHeadHeight, x, width);
}

/**
 * A list under a title that may go on over pages: each row is asked for its height before it is drawn. What is beyond
 * `most` rows is counted, not shown. Between rows others have their turn.
 */
export async function listPanel<T>(
  sheet: Sheet,
  head: Pick<PanelHead, 'title' | 'note'>,
  rows: readonly T[],
  { most, height, draw }: { most: number; height: (row: T) => number; draw: (row: T, y: number) => void },
): Promise<void> {
  if (rows.length === 0) return;
  const shown = rows.slice(0, most);
  sheet.need(panelHeadHeight + 8 + height(shown[0] as T) + 8);
  let top = begin(sheet, head);
  for (const [n, row] of shown.entries()) {
    if (n % rowsAtOnce === 0) await setImmediate();
    const room = height(row);
    if (sheet.y + room + 8 > sheet.limit) {
      end(sheet, top);
      sheet.need(Number.POSITIVE_INFINITY);
      top = begin(sheet, { ...head, note: 'continued' });
    }
    draw(row, sheet.y);
    sheet.y += room;
  }
  if (rows.length > most) {
    sheet.line(
      `and ${rows.length - most} more`,
      { x: sheet.left + 12, y: sheet.y + 10 },
      { size: 8, colour: palette.faint },
    );
    sheet.y += 14;
  }
  end(sheet, top);
}

function begin(sheet: Sheet, head: Pick<PanelHead, 'title' | 'note'>): number {
  const top = sheet.y;
  panelHead(sheet, { x: sheet.left, y: top, width: sheet.width, ...head });
  sheet.y = top + panelHeadHeight + 5;
  return top;
}

function end(sheet: Sheet, top: number): void {
  sheet.panel(sheet.left, top, sheet.width, sheet.y + 5 - top);
  sheet.y += 17;
}
