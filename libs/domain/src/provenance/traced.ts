import type { ProvenanceFigure } from '@telltale/contracts';
import type { Statement } from './statement';

export type TracedFigure = ProvenanceFigure;

/** The verdict on a record that counts. All others say why it does not. */
export const counted = 'counted';
export const notKept = 'not counted: the read model does not hold it';

/** One record that could count for a figure. */
export interface Traced {
  /** What it adds where it counts, and would add where it does not. US dollars for costs. */
  readonly value: number;
  readonly verdict: string;
  /** The record's own id. */
  readonly record: string;
  readonly at: number;
  readonly priceVersion: string | null;
  /** Null where the log of this session no longer holds it, or another session's does: then `place` may be found. */
  readonly statement: Statement | null;
  readonly place: LogPlace | null;
}

export interface LogPlace {
  readonly sequence: number;
  readonly line: number;
}

/** By time, then by place in the log. */
export function compareTraced(a: Traced, b: Traced): number {
  const [placeA, placeB] = [placeOf(a), placeOf(b)];
  return (
    a.at - b.at ||
    placeA.sequence - placeB.sequence ||
    placeA.line - placeB.line ||
    numberIn(a) - numberIn(b) ||
    (a.record < b.record ? -1 : Number(a.record > b.record))
  );
}

/** Which of the things it is that its line says; -1 where the line was not read. */
export function numberIn({ statement }: Pick<Traced, 'statement'>): number {
  return statement?.n ?? -1;
}

/** Where in the log a record stands; sequence 0 where that is not known. */
export function placeOf({ statement, place }: Pick<Traced, 'statement' | 'place'>): LogPlace {
  return statement?.where.place ?? place ?? { sequence: 0, line: 0 };
}

/** Whether the file holds the record still as it was told. */
export function isCurrent({ where }: Statement): boolean {
  return where.generation === where.file.generation;
}
