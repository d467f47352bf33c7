import { visibleLine } from '@telltale/domain';
import type PDFDocument from 'pdfkit';
import { type Weight } from './font-files';
import { Fonts } from './fonts';
import { palette } from './palette';
import { ellipsis, wrap } from './wrap';

export interface Ink {
  readonly size?: number;
  readonly weight?: Weight;
  readonly colour?: string;
}

export interface Place {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

const margin = 40;
/** No text of ours takes more characters: the rest of an endless one is not even looked at. */
const longestText = 3000;
/** Numbers alone have figures of one width: with features of its own the library lays out each text anew. */
const number = /^\$?\d[\d.,]*[KMB]?$/;
const tabular: { features: PDFKit.Mixins.OpenTypeFeatures[] } = { features: ['tnum'] };
const optionsOf = (text: string) => (number.test(text) ? tabular : {});

/** A document under way: where the pen is, and what it can do. Points, from the upper left; texts stand on baselines. */
export class Sheet {
  readonly left = margin;
  readonly width: number;
  /** Where the next thing begins. */
  y = margin;
  private readonly fonts: Fonts;
  /** Where the page ends. */
  readonly limit: number;

  constructor(readonly doc: InstanceType<typeof PDFDocument>) {
    this.width = doc.page.width - 2 * margin;
    this.limit = doc.page.height - margin - 18;
    this.fonts = new Fonts((name, font) => doc.registerFont(name, font));
  }

  get right(): number {
    return this.left + this.width;
  }

  /** A new page where less than this is left. Whether there was one. */
  need(height: number): boolean {
    if (this.y + height <= this.limit) return false;
    this.doc.addPage();
    this.y = margin;
    return true;
  }

  measure(text: string, { size = 9, weight = 'regular' }: Ink = {}): number {
    return this.fonts
      .runs(text, weight)
      .reduce(
        (sum, run) =>
          sum + this.doc.font(run.font).fontSize(size).widthOfString(run.text, optionsOf(run.text)),
        0,
      );
  }

  /** One line; what does not fit its width ends with an ellipsis. Gives the width it took. */
  line(text: string, { x, y, width, align = 'left' }: Place, ink: Ink = {}): number {
    const clean = cleanLine(text);
    const measured = (each: string) => this.measure(each, ink);
    const shown = width !== undefined && measured(clean) > width ? ellipsis(clean, width, measured) : clean;
    const taken = measured(shown);
    this.draw(shown, align === 'right' ? x + (width ?? 0) - taken : x, y, ink);
    return taken;
  }

  /** Lines one below the other, from a first baseline; gives the height they took. */
  paragraph(
    text: string,
    { x, y, width }: Required<Omit<Place, 'align'>>,
    { most, leading, ...ink }: Ink & { readonly most: number; readonly leading: number },
  ): number {
    const lines = this.lines(text, width, { most, ...ink });
    lines.forEach((line, index) => this.draw(line, x, y + index * leading, ink));
    return lines.length * leading;
  }

  lines(text: string, width: number, { most, ...ink }: Ink & { readonly most: number }): string[] {
    return wrap(cleanLine(text), width, most, (each) => this.measure(each, ink));
  }

  /** A hairline around a surface. */
  panel(x: number, y: number, width: number, height: number): void {
    this.doc.roundedRect(x, y, width, height, 6).lineWidth(0.6).strokeColor(palette.line).stroke();
  }

  rule(y: number, x = this.left, width = this.width): void {
    this.doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(0.6)
      .strokeColor(palette.line)
      .stroke();
  }

  dot(x: number, y: number, colour: string, radius = 2.6): void {
    this.doc.circle(x, y, radius).fill(colour);
  }

  box(x: number, y: number, width: number, height: number, colour: string): void {
    if (width > 0 && height > 0) this.doc.rect(x, y, width, height).fill(colour);
  }

  private draw(
    text: string,
    x: number,
    y: number,
    { size = 9, weight = 'regular', colour = palette.text }: Ink,
  ): void {
    let at = x;
    for (const run of this.fonts.runs(text, weight)) {
      this.doc.font(run.font).fontSize(size).fillColor(colour);
      this.doc.text(run.text, at, y, { lineBreak: false, baseline: 'alphabetic', ...optionsOf(run.text) });
      at += this.doc.widthOfString(run.text, optionsOf(run.text));
    }
  }
}

function cleanLine(text: string): string {
  return visibleLine(text.slice(0, longestText));
}
