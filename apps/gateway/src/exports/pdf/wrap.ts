/** How wide a text is, in points. */
export type Measure = (text: string) => number;

/** Between these a line may break although no blank stands there. */
const ideograph = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uff60]`;
const pieces = new RegExp(String.raw`\s+|${ideograph}|(?:(?!${ideograph})\S)+`, 'gu');

/**
 * A text in lines of at most this width, broken at blanks and between ideographs; a word that is too long is broken
 * anywhere. Where there are more than `most`, the last that is shown ends with an ellipsis.
 */
export function wrap(text: string, width: number, most: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const line of linesOf(text, width, measure)) {
    if (lines.length < most) lines.push(line);
    else return [...lines.slice(0, -1), ellipsis(lines.at(-1) ?? '', width, measure)];
  }
  return lines;
}

/** As much of the text as fits before an ellipsis. */
export function ellipsis(text: string, width: number, measure: Measure): string {
  return `${headOf(text, width - measure('…'), measure).trimEnd()}…`;
}

function* linesOf(text: string, width: number, measure: Measure): Generator<string> {
  let line = '';
  for (const [piece] of text.trim().matchAll(pieces)) {
    if (measure((line + piece).trimEnd()) <= width) {
      line += piece;
      continue;
    }
    if (line.trim() !== '') yield line.trimEnd();
    line = piece.trim();
    while (measure(line) > width) {
      const head = headOf(line, width, measure);
      yield head;
      line = line.slice(head.length);
    }
  }
  if (line.trim() !== '') yield line.trimEnd();
}

/** As much of the beginning as fits, one character at least. */
function headOf(text: string, width: number, measure: Measure): string {
  const characters = Array.from(graphemes.segment(text.slice(0, longest)), ({ segment }) => segment);
  let [low, high] = [1, characters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(characters.slice(0, middle).join('')) <= width) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join('');
}

const graphemes = new Intl.Segmenter('en');
/** No line of ours holds more characters. */
const longest = 400;
