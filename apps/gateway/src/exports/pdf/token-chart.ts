import type { Timeline } from '@telltale/contracts';
import { compactWords, timeWords } from '../words';
import { columnsOfTime, niceMaximum, type TimeColumn, type TimeColumns } from './columns-of-time';
import { panelHead } from './panel';
import { palette, seriesColours } from './palette';
import type { Sheet } from './sheet';

type Series = keyof typeof seriesColours;
const fresh = ['output', 'input', 'cacheWrite'] as const;
const names: Record<Series, string> = {
  output: 'Output',
  input: 'Input',
  cacheWrite: 'Cache write',
  cacheRead: 'Cache read',
};
const day = 86_400_000;

interface Plot extends TimeColumns {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Tokens over time, stacked by class. Cache reads are many times the others and would flatten them: they have a strip
 * of their own below, on the same axis of time, with their own scale.
 */
export function tokenChart(sheet: Sheet, timeline: Timeline): void {
  const time = columnsOfTime(timeline, 96);
  if (time.columns.length === 0) return;
  const hasReads = time.columns.some(({ cacheRead }) => cacheRead > 0);
  const height = hasReads ? 202 : 154;
  sheet.need(height + 12);
  const top = sheet.y;
  sheet.panel(sheet.left, top, sheet.width, height);
  panelHead(sheet, { x: sheet.left, y: top, width: sheet.width, title: 'Tokens over time' });
  legend(sheet, hasReads ? [...fresh, 'cacheRead'] : fresh, top + 16);
  const plot = { ...time, x: sheet.left + 44, y: top + 38, width: sheet.width - 56, height: 96 };
  stack(sheet, plot, fresh);
  const reads = { ...plot, y: plot.y + plot.height + 18, height: 32 };
  if (hasReads) stack(sheet, reads, ['cacheRead']);
  timeAxis(sheet, hasReads ? reads : plot);
  sheet.y = top + height + 12;
}

function legend(sheet: Sheet, series: readonly Series[], y: number): void {
  let x = sheet.right - 12;
  for (const name of series.toReversed()) {
    x -= sheet.measure(names[name], { size: 8 });
    sheet.line(names[name], { x, y }, { size: 8, colour: palette.soft });
    sheet.box(x - 10, y - 6, 6, 6, seriesColours[name]);
    x -= 22;
  }
}

function stack(sheet: Sheet, plot: Plot, series: readonly Series[]): void {
  const sum = (column: TimeColumn) => series.reduce((all, name) => all + column[name], 0);
  const maximum = niceMaximum(Math.max(...plot.columns.map(sum)));
  grid(sheet, plot, { maximum, lines: plot.height > 60 ? 4 : 1 });
  const step = plot.width / plot.columns.length;
  const gap = Math.min(1.5, step * 0.2);
  plot.columns.forEach((column, index) => {
    let bottom = plot.y + plot.height;
    for (const name of series) {
      const height = (column[name] / maximum) * plot.height;
      sheet.box(
        plot.x + index * step + gap / 2,
        bottom - height,
        Math.min(step - gap, 26),
        height,
        seriesColours[name],
      );
      bottom -= height;
    }
  });
}

function grid(
  sheet: Sheet,
  { x, y, width, height }: Plot,
  { maximum, lines }: { maximum: number; lines: number },
): void {
  for (let line = 0; line <= lines; line++) {
    const at = y + height - (line / lines) * height;
    sheet.doc
      .moveTo(x, at)
      .lineTo(x + width, at)
      .lineWidth(0.5)
      .strokeColor(palette.line);
    if (line > 0) sheet.doc.dash(1.5, { space: 2.5 });
    sheet.doc.stroke().undash();
    const label = compactWords((maximum * line) / lines);
    if (line > 0)
      sheet.line(
        label,
        { x: x - 36, y: at + 2.6, width: 30, align: 'right' },
        { size: 7, colour: palette.faint },
      );
  }
}

function timeAxis(sheet: Sheet, { x, y, width, height, from, to }: Plot): void {
  const ticks = 5;
  const span = to - from;
  for (let tick = 0; tick < ticks; tick++) {
    const at = timeWords(new Date(from + (span * tick) / (ticks - 1)).toISOString());
    const label = tickWords(at, span, tick === 0);
    const room = sheet.measure(label, { size: 7 });
    const left = x + (width * tick) / (ticks - 1) - (room * tick) / (ticks - 1);
    sheet.line(label, { x: left, y: y + height + 11 }, { size: 7, colour: palette.faint });
  }
}

/** The day where it is told for the first time, the time of day where days are few. */
function tickWords(at: string, spanMs: number, isFirst: boolean): string {
  if (spanMs > 10 * day) return at.slice(0, 10);
  if (spanMs > day || isFirst) return at.slice(5, 16);
  return at.slice(11, 16);
}
