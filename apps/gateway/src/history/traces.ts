import { Inject, Injectable } from '@nestjs/common';
import {
  statedBy,
  traceFigure,
  type ReadRecord,
  type SessionTrace,
  type Statement,
  type Traced,
  type TracedFigure,
  type Whereabouts,
} from '@telltale/domain';
import type pg from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { READ_MODEL } from '../connections';
import { noSuchSession } from '../sessions/session-detail';
import { HeldSessions, HistoryLimits } from './held-sessions';
import { refuseTooLarge } from './history-problems';
import { ReadSoFar, SessionLog, type OpenFile } from './session-log';
import { readTrace } from './trace-snapshot';

/** Every record of one session, with what became of it. */
export class HeldTrace {
  readonly byteLength: number;
  private readonly lists = new Map<TracedFigure, Traced[]>();

  constructor(
    readonly revision: string,
    private readonly trace: SessionTrace,
  ) {
    const { statements, items, rows } = trace;
    // With the lists of all figures, which are made when they are asked for.
    this.byteLength = 500 * statements.length + 500 * items.length + 1500 * rows.length;
  }

  /** In order of time. */
  async list(figure: TracedFigure): Promise<readonly Traced[]> {
    const known = this.lists.get(figure);
    if (known !== undefined) return known;
    await nextTurn(); // each may take a while: others want to be answered between two
    const list = traceFigure(this.trace, figure);
    this.lists.set(figure, list);
    return list;
  }
}

/** Where the numbers of sessions come from. */
@Injectable()
export class Traces {
  private readonly held: HeldSessions<HeldTrace>;

  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    private readonly log: SessionLog,
    limits: HistoryLimits,
  ) {
    this.held = new HeldSessions(limits, {
      make: (id, signal) => this.make(id, signal),
      usesRoom: true,
    });
  }

  /** @throws ProblemException 404 for an unknown session, 413, 503 */
  of(id: string, signal: AbortSignal): Promise<HeldTrace> {
    return this.held.of(id, signal);
  }

  private async make(id: string, signal: AbortSignal): Promise<HeldTrace> {
    const snapshot = await readTrace(this.readModel, id);
    if (snapshot === undefined) throw noSuchSession(id);
    const { revision, files, items, rows } = snapshot;
    refuseTooLarge(files, items.length + rows.length);
    const statements: Statement[] = [];
    const visit = (record: ReadRecord, file: OpenFile) => note(statements, { id, record, file });
    await this.log.read(snapshot, { soFar: new ReadSoFar(), visit, signal });
    return new HeldTrace(revision, { ...snapshot, sessionId: id, statements });
  }
}

/** What the record states of the session that is asked about. */
function note(
  statements: Statement[],
  { id, record, file }: { id: string; record: ReadRecord; file: OpenFile },
): void {
  const { said, fact } = record;
  let where: Whereabouts | undefined;
  let n = 0;
  for (const observation of said) {
    if (observation.sessionId !== id) continue;
    for (const stated of statedBy(observation, fact.time)) {
      where ??= whereaboutsOf(record, file);
      const at = Math.min(observation.at, Math.floor(fact.time));
      statements.push({ ...stated, at, n: n++, where });
    }
  }
}

function whereaboutsOf({ place, bytes, fact, generation, text }: ReadRecord, { now }: OpenFile): Whereabouts {
  const element = fact.kind === 'file.replaced' || fact.kind === 'rows.changed' ? elementIn(text) : undefined;
  return {
    place,
    bytes,
    kind: fact.kind,
    generation,
    file: now,
    ...(element === undefined ? {} : { element }),
  };
}

/** The line begins with it. */
function elementIn(line: string): string | undefined {
  return /^\{"element":"([^"\\]{1,200})"/.exec(line)?.[1];
}
