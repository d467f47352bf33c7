import type { Session } from '@telltale/contracts';
import { compactWords, countWords, durationWords, moneyWords, shareWords } from '../words';
import { palette } from './palette';
import { panelHead, panelHeadHeight } from './panel';
import type { Sheet } from './sheet';

interface Bar {
  readonly name: string;
  readonly size: number;
  /** The part of it that went wrong. */
  readonly bad?: number;
  readonly figure: string;
  readonly context: string;
}

interface Bars {
  readonly title: string;
  readonly note: string;
  readonly bars: readonly Bar[];
  readonly colour: string;
}

const gap = 12;
const rowHeight = 22;
const most = 8;

/** Cost by model and calls by tool, beside each other. */
export function barPanels(sheet: Sheet, session: Session): void {
  const panels = [costByModel(session), callsByTool(session)].filter(({ bars }) => bars.length > 0);
  if (panels.length === 0) return;
  const rows = Math.max(
    ...panels.map(({ bars }) => Math.min(bars.length, most) + (bars.length > most ? 0.6 : 0)),
  );
  const height = panelHeadHeight + 10 + rows * rowHeight;
  sheet.need(height + 12);
  const width = (sheet.width - gap * (panels.length - 1)) / panels.length;
  panels.forEach((panel, index) =>
    barPanel(sheet, panel, { x: sheet.left + index * (width + gap), width, height }),
  );
  sheet.y += height + 12;
}

function barPanel(
  sheet: Sheet,
  { title, note, bars, colour }: Bars,
  { x, width, height }: { x: number; width: number; height: number },
): void {
  const top = sheet.y;
  sheet.panel(x, top, width, height);
  panelHead(sheet, { x, y: top, width, title, note });
  const inside = width - 24;
  const longest = Math.max(...bars.map(({ size }) => size), Number.MIN_VALUE);
  bars.slice(0, most).forEach((bar, index) => {
    const y = top + panelHeadHeight + 15 + index * rowHeight;
    const figures = sheet.measure(bar.figure, { weight: 'semibold' });
    const contexts = sheet.measure(bar.context, { size: 7.5 });
    sheet.line(bar.name, { x: x + 12, y, width: inside - figures - contexts - 14 });
    sheet.line(
      bar.context,
      { x: x + 12, y, width: inside - figures - 6, align: 'right' },
      { size: 7.5, colour: palette.faint },
    );
    sheet.line(bar.figure, { x: x + 12, y, width: inside, align: 'right' }, { weight: 'semibold' });
    const length = (bar.size / longest) * inside;
    const bad = bar.size > 0 ? ((bar.bad ?? 0) / bar.size) * length : 0;
    sheet.box(x + 12, y + 4, inside, 3.5, palette.raise);
    sheet.box(x + 12, y + 4, length, 3.5, colour);
    sheet.box(x + 12 + length - bad, y + 4, bad, 3.5, palette.red);
  });
  if (bars.length > most) {
    const y = top + height - 8;
    sheet.line(`and ${bars.length - most} more`, { x: x + 12, y }, { size: 7.5, colour: palette.faint });
  }
}

function costByModel({ tokensByModel, stats }: Session): Bars {
  const known = tokensByModel.some(({ costUsd }) => (costUsd ?? 0) > 0);
  const size = (each: (typeof tokensByModel)[number]) => (known ? (each.costUsd ?? 0) : each.tokens.total);
  const bars = tokensByModel
    .toSorted((a, b) => size(b) - size(a) || b.tokens.total - a.tokens.total)
    .map((each) => ({
      name: each.model,
      size: size(each),
      figure: each.costUsd === null ? 'no price' : moneyWords(each.costUsd),
      context: `${compactWords(each.tokens.total)} tokens${share(each.costUsd, stats.costUsd)}`,
    }));
  return { title: 'Cost by model', note: 'US dollars, as the API would charge', bars, colour: palette.amber };
}

function share(part: number | null, whole: number | null): string {
  return part === null || whole === null || whole === 0 ? '' : ` · ${shareWords(part / whole)}`;
}

function callsByTool({ tools }: Session): Bars {
  const bars = tools
    .toSorted((a, b) => b.calls - a.calls)
    .map(({ name, calls, errors, medianMs }) => ({
      name,
      size: calls,
      bad: Math.min(errors, calls),
      figure: countWords(calls),
      context: [
        ...(errors > 0 ? [`${countWords(errors)} failed`] : []),
        ...(medianMs === null ? [] : [`median ${durationWords(medianMs)}`]),
      ].join(' · '),
    }));
  return { title: 'Tools', note: 'calls', bars, colour: '#8f9bdb' };
}
