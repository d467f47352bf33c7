import { create } from 'fontkit';
import { fontFiles, readFont, type Weight } from './font-files';

/** A stretch of text that one font has all characters of. */
export interface Run {
  readonly font: string;
  readonly text: string;
}

interface Face {
  readonly name: string;
  readonly has: (codePoint: number) => boolean;
}

/** Marks, joiners and variation selectors stay with the character before them. */
const clings = /[\p{M}\u200c\u200d\ufe00-\ufe0f]/u;
const missing = '\u25a1';

/** The fonts of one document; each is read when a character first needs it. */
export class Fonts {
  private readonly faces = new Map<string, Face | undefined>();
  private readonly chosen: Record<Weight, Map<string, Face | undefined>> = {
    regular: new Map(),
    semibold: new Map(),
  };

  /** @param register makes a font known to the document under a name */
  constructor(private readonly register: (name: string, font: Buffer) => void) {}

  /** The text in runs; what no font has is shown as a square. */
  runs(text: string, weight: Weight): Run[] {
    const runs: { font: string; text: string }[] = [];
    for (const character of text) {
      const last = runs.at(-1);
      const [face, shown] = this.shown(character, weight, last?.font);
      if (face === undefined) continue;
      if (last?.font === face.name) last.text += shown;
      else runs.push({ font: face.name, text: shown });
    }
    return runs;
  }

  /** What is drawn for a character, and in which font; nothing for a mark that the font before it does not have. */
  private shown(
    character: string,
    weight: Weight,
    before: string | undefined,
  ): [face: Face | undefined, shown: string] {
    if (before !== undefined && clings.test(character)) {
      const face = this.faces.get(before);
      return [face?.has(codeOf(character)) === true ? face : undefined, character];
    }
    const face = this.faceOf(character, weight);
    return face ? [face, character] : [this.faceOf(missing, weight), missing];
  }

  private faceOf(character: string, weight: Weight): Face | undefined {
    const known = this.chosen[weight];
    if (!known.has(character)) known.set(character, this.find(codeOf(character), weight));
    return known.get(character);
  }

  private find(code: number, weight: Weight): Face | undefined {
    for (const file of fontFiles) {
      const face = this.face(file, weight);
      if (face?.has(code) === true) return face;
    }
    return undefined;
  }

  private face(file: (typeof fontFiles)[number], weight: Weight): Face | undefined {
    const name = `${file.name}-${weight}`;
    if (this.faces.has(name)) return this.faces.get(name);
    const font = readFont(file, weight);
    const face = font && faceOfFont(name, font);
    if (font && face) this.register(name, font);
    this.faces.set(name, face);
    return face;
  }
}

function faceOfFont(name: string, bytes: Buffer): Face | undefined {
  const font = create(bytes);
  return 'hasGlyphForCodePoint' in font
    ? { name, has: (code) => font.hasGlyphForCodePoint(code) }
    : undefined;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
