import type { Objective, Session } from '@telltale/contracts';
import { timeWords } from '../words';
import { palette } from './palette';
import { listPanel } from './panel';
import type { Sheet } from './sheet';

const ink = { size: 8.5, most: 3 };
const leading = 11.5;

/** What it set out to do, with a mark for what is done and the time it was reached. */
export function objectivesPanel(sheet: Sheet, { objectives, stats }: Session): Promise<void> {
  const { completed, total } = stats.objectives;
  const width = sheet.width - 130;
  return listPanel(sheet, { title: 'Objectives', note: `${completed} of ${total}` }, objectives, {
    most: 200,
    height: ({ text }) => sheet.lines(text, width, ink).length * leading + 4,
    draw: ({ text, status, completedAt }, top) => {
      const y = top + 11;
      mark(sheet, status, y - 3);
      const colour = status === 'completed' ? palette.soft : palette.text;
      const weight = status === 'active' ? 'semibold' : 'regular';
      sheet.paragraph(text, { x: sheet.left + 28, y, width }, { ...ink, leading, colour, weight });
      const when =
        status === 'active' ? 'under way' : completedAt === null ? '' : timeWords(completedAt).slice(5, 16);
      sheet.line(
        when,
        { x: sheet.left + 12, y, width: sheet.width - 24, align: 'right' },
        { size: 8, colour: palette.faint },
      );
    },
  });
}

/** Drawn, not written: a tick, a half circle, a circle. */
function mark({ doc, left }: Sheet, status: Objective['status'], y: number): void {
  const x = left + 17;
  doc.lineWidth(1.2).lineCap('round').lineJoin('round');
  if (status === 'completed') {
    doc
      .moveTo(x - 3.2, y + 0.2)
      .lineTo(x - 0.9, y + 2.5)
      .lineTo(x + 3.4, y - 2.6)
      .strokeColor(palette.green)
      .stroke();
    return;
  }
  doc
    .circle(x, y, 3)
    .lineWidth(1)
    .strokeColor(status === 'active' ? palette.amber : palette.faint)
    .stroke();
  if (status === 'active') doc.path(`M ${x} ${y - 3} A 3 3 0 0 0 ${x} ${y + 3} Z`).fill(palette.amber);
}
