import type { Session } from '@telltale/contracts';
import { aboutSession } from '../figures';
import { statusWords, timeWords } from '../words';
import { palette } from './palette';
import type { Sheet } from './sheet';

const lamps: Record<Session['status'], string> = {
  running: palette.green,
  waiting: palette.amber,
  idle: palette.faint,
  completed: palette.faint,
  failed: palette.red,
};

/** Whose report it is, of when, the session's title and state, and what is known of it. */
export function titleBlock(sheet: Sheet, session: Session, madeAt: string): void {
  const y = sheet.y + 8;
  sheet.dot(sheet.left + 4, y - 3.4, palette.green, 3.2);
  sheet.line('Telltale', { x: sheet.left + 13, y }, { size: 11, weight: 'semibold' });
  const made = `Session report · ${timeWords(madeAt).slice(0, 16)} UTC`;
  sheet.line(
    made,
    { x: sheet.left, y, width: sheet.width, align: 'right' },
    { size: 8, colour: palette.faint },
  );
  sheet.y = y + 32;
  const title = session.title ?? session.id;
  const ink = { size: 19, weight: 'semibold' as const };
  sheet.y += sheet.paragraph(
    title,
    { x: sheet.left, y: sheet.y, width: sheet.width },
    { ...ink, most: 3, leading: 24 },
  );
  state(sheet, session);
  about(sheet, session);
}

function state(sheet: Sheet, session: Session): void {
  const words = session.waitingFor
    ? `${statusWords[session.status]}: ${session.waitingFor}`
    : statusWords[session.status];
  const top = sheet.y - 13;
  const ink = { size: 8.5, weight: 'semibold' as const };
  const width = Math.min(sheet.measure(words, ink), sheet.width - 40);
  sheet.doc
    .roundedRect(sheet.left, top, width + 27, 17, 8.5)
    .lineWidth(0.6)
    .strokeColor(palette.line)
    .stroke();
  sheet.dot(sheet.left + 11, top + 8.5, lamps[session.status]);
  sheet.line(words, { x: sheet.left + 18, y: top + 11.6, width: width + 1 }, ink);
  sheet.y = top + 35;
}

/** Names faint, values dark, in as many lines as they take. */
function about(sheet: Sheet, session: Session): void {
  const ink = { size: 8.5 };
  let x = sheet.left;
  for (const { name, value } of aboutSession(session).filter(
    (each) => each.name !== 'Status' && each.name !== 'Waiting for',
  )) {
    const label = sheet.measure(`${name} `, ink);
    const room = Math.min(sheet.measure(value, { ...ink, weight: 'semibold' }) + 0.5, sheet.width - label);
    if (x > sheet.left && x + label + room > sheet.right) {
      x = sheet.left;
      sheet.y += 14;
    }
    sheet.line(name, { x, y: sheet.y }, { ...ink, colour: palette.soft });
    sheet.line(value, { x: x + label, y: sheet.y, width: room }, { ...ink, weight: 'semibold' });
    x += label + room + 16;
  }
  sheet.y += 16;
}
