import { wordsOf } from '@telltale/domain';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** PostgreSQL takes up to 1 MiB of words and places; what comes behind is not found. */
const mostBytes = 1_000_000;
/** PostgreSQL knows no places behind this one: a word that first comes there is found, a phrase is not. */
const lastPlace = 16_383;
const mostPlaces = 255;
/** The live path has a turn in between. */
const wordsPerTurn = 10_000;
const dayMs = 86_400_000;

/** A document's time as a word, so that one index finds a word within a day. @param at epoch ms */
export function dayLexeme(at: number): string {
  return `@${Math.floor(at / dayMs)}`;
}

/** A text as PostgreSQL reads a tsvector. Large ones are made over several turns of the event loop. */
export async function documentVector(text: string, at: number): Promise<string> {
  const words = new Words();
  let place = 0;
  for (const { lexemes } of wordsOf(text)) {
    place++;
    for (const lexeme of lexemes) words.add(lexeme, place);
    if (words.isFull) break;
    if (place % wordsPerTurn === 0) await nextTurn();
  }
  return words.vector(dayLexeme(at));
}

class Words {
  private readonly places = new Map<string, number[]>();
  private bytes = 0;

  get isFull(): boolean {
    return this.bytes >= mostBytes;
  }

  add(lexeme: string, place: number): void {
    let known = this.places.get(lexeme);
    if (known === undefined) {
      known = [];
      this.places.set(lexeme, known);
      this.bytes += Buffer.byteLength(lexeme) + 4;
    }
    if (place > lastPlace || known.length >= mostPlaces || known.at(-1) === place) return;
    known.push(place);
    this.bytes += 2;
  }

  /** Words hold letters, digits and marks only: nothing in them ends a quotation. */
  vector(day: string): string {
    const said = [`'${day}'`];
    for (const [lexeme, places] of this.places)
      said.push(places.length > 0 ? `'${lexeme}':${places.join(',')}` : `'${lexeme}'`);
    return said.join(' ');
  }
}
