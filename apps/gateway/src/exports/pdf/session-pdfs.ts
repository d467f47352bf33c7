import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Session, Timeline } from '@telltale/contracts';
import { visibleLine } from '@telltale/domain';
import { CLOCK, type Clock } from '../../connections';
import { Timelines } from '../../sessions/timeline';
import { barPanels } from './bars';
import { agentsPanel, errorsPanel, linksPanel, testPanel } from './lists';
import { objectivesPanel } from './objectives';
import { palette } from './palette';
import { Sheet } from './sheet';
import { statCards } from './stat-cards';
import { titleBlock } from './title';
import { tokenChart } from './token-chart';

/** A session's figures, charts, objectives, agents and errors as a document to hand on. */
@Injectable()
export class SessionPdfs {
  constructor(
    private readonly timelines: Timelines,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Long lists are cut, so the document is small whatever the session's size: it is drawn first, then sent. */
  async *of(session: Session): AsyncGenerator<Uint8Array> {
    const timeline = await this.timelines.timeline(session.id, { bucket: 'auto', tz: 'UTC' });
    const madeAt = new Date(this.clock());
    yield* await drawSession(session, timeline, madeAt);
  }
}

/** A4, with a footer on each page. Between its parts others have their turn: fonts and layout take a while. */
export async function drawSession(
  session: Session,
  timeline: Timeline,
  madeAt: Date,
): Promise<AsyncIterable<Uint8Array>> {
  // Only who asks for a PDF pays for the library's memory.
  const { default: PDFDocument } = await import('pdfkit');
  const title = visibleLine(session.title ?? session.id);
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: { Title: title, Author: 'Telltale', Creator: 'Telltale', CreationDate: madeAt, ModDate: madeAt },
  });
  const sheet = new Sheet(doc);
  const parts: (() => void | Promise<void>)[] = [
    () => titleBlock(sheet, session, madeAt.toISOString()),
    () => statCards(sheet, session),
    () => tokenChart(sheet, timeline),
    () => barPanels(sheet, session),
    () => testPanel(sheet, session),
    () => objectivesPanel(sheet, session),
    () => agentsPanel(sheet, session),
    () => errorsPanel(sheet, session),
    () => linksPanel(sheet, session),
    () => footers(sheet, title),
  ];
  for (const part of parts) {
    await part();
    await setImmediate();
  }
  doc.end();
  return doc;
}

function footers(sheet: Sheet, title: string): void {
  const { doc } = sheet;
  const { count } = doc.bufferedPageRange();
  const ink = { size: 7.5, colour: palette.faint };
  const y = doc.page.height - 28;
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    sheet.line(title, { x: sheet.left, y, width: sheet.width - 80 }, ink);
    sheet.line(`Page ${page + 1} of ${count}`, { x: sheet.left, y, width: sheet.width, align: 'right' }, ink);
  }
}
