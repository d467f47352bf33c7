import { Injectable } from '@nestjs/common';
import {
  provenanceFigures,
  type Provenance,
  type ProvenanceFigure,
  type ProvenanceItem,
  type ProvenanceQuery,
} from '@telltale/contracts';
import { isCurrent, numberIn, placeOf, type Traced, type Whereabouts } from '@telltale/domain';
import { z } from 'zod';
import { mapAtMost } from '../work/at-most';
import { decodeCursor, encodeCursor } from '../sessions/cursor';
import { FactHistory } from './fact-history';
import { passing } from './history-problems';
import { Traces } from './traces';

/** Where a page ended: figure, time, sequence, line, number in the line, record. */
const cursorSchema = z.tuple([
  z.enum(provenanceFigures),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.string(),
]);
type Position = z.output<typeof cursorSchema>;

const readAtOnce = 8;

interface Listed {
  readonly figure: ProvenanceFigure;
  readonly traced: Traced;
}

/** Where a session's numbers come from, record by record. */
@Injectable()
export class Provenances {
  constructor(
    private readonly traces: Traces,
    private readonly history: FactHistory,
  ) {}

  /** @throws ProblemException 404, 400 for a cursor that is none, 413, 503 */
  async page(id: string, query: ProvenanceQuery, signal: AbortSignal): Promise<Provenance> {
    const from = query.cursor === undefined ? undefined : decodeCursor(cursorSchema, query.cursor, 'cursor');
    const trace = await this.traces.of(id, signal);
    const page: Listed[] = [];
    let total = 0;
    for (const figure of query.figure === undefined ? provenanceFigures : [query.figure]) {
      signal.throwIfAborted();
      const list = await trace.list(figure);
      total += list.length;
      const room = query.limit + 1 - page.length;
      for (const traced of list.slice(startIn(list, figure, from)).slice(0, room))
        page.push({ figure, traced });
    }
    const shown = page.slice(0, query.limit);
    const last = page.length > query.limit ? shown.at(-1) : undefined;
    const items = await mapAtMost(readAtOnce, shown, (listed) => this.itemOf(listed));
    return { items, total, nextCursor: last === undefined ? null : encodeCursor(positionOf(last)) };
  }

  private async itemOf({ figure, traced }: Listed): Promise<ProvenanceItem> {
    const { value, priceVersion, verdict, record } = traced;
    const where = traced.statement?.where ?? (await this.found(traced));
    return { figure, value, ...standing(record, where, traced), priceVersion, verdict };
  }

  /** A record of another session's file, or one that was read from a file that tells of this one no more. */
  private async found({ place }: Traced): Promise<Whereabouts | undefined> {
    if (place === null || place.sequence === 0) return undefined;
    try {
      return await this.history.whereabouts(place);
    } catch (error) {
      throw passing(error);
    }
  }
}

/** How many of the list a page before this one showed. */
function startIn(list: readonly Traced[], figure: ProvenanceFigure, from: Position | undefined): number {
  if (from === undefined) return 0;
  const [figures, asked] = [provenanceFigures.indexOf(figure), provenanceFigures.indexOf(from[0])];
  if (figures !== asked) return figures < asked ? list.length : 0;
  const start = list.findIndex((traced) => isAfter(positionOf({ figure, traced }), from));
  return start === -1 ? list.length : start;
}

function positionOf({ figure, traced }: Listed): Position {
  const { sequence, line } = placeOf(traced);
  return [figure, traced.at, sequence, line, numberIn(traced), traced.record];
}

function isAfter(a: Position, b: Position): boolean {
  for (let n = 1; n < a.length; n++) {
    const [valueA, valueB] = [a[n] as number | string, b[n] as number | string];
    if (valueA !== valueB) return valueA > valueB;
  }
  return false;
}

type Standing = Pick<ProvenanceItem, 'file' | 'host' | 'from' | 'to' | 'record'>;

/** Where it stands in the tool's own file; where that has no byte range, why. */
function standing(record: string, where: Whereabouts | undefined, { statement }: Traced): Standing {
  if (where === undefined)
    return { file: null, host: null, from: null, to: null, record: `${record} (the log no longer holds it)` };
  const { path, host } = where.file;
  const pushed = where.kind === 'session.reported' || where.kind === 'session.ended';
  const note = noteOn(where, statement === null || isCurrent(statement));
  if (note !== undefined)
    return { file: pushed ? null : path, host, from: null, to: null, record: `${record} (${note})` };
  const from = where.place.offset;
  return { file: path, host, from, to: where.bytes === null ? null : from + where.bytes, record };
}

function noteOn({ kind, element }: Whereabouts, current: boolean): string | undefined {
  switch (kind) {
    case 'rows.changed':
      return `row ${element ?? 'of the store'}: it has no byte range`;
    case 'file.replaced':
      return `element ${element ?? 'of the document'}: it has no byte range`;
    case 'attachment.added':
      return 'the picture as a whole';
    case 'session.reported':
    case 'session.ended':
      return 'pushed: it stands in no file';
    default:
      return current ? undefined : 'of an earlier version of the file';
  }
}
