import { Inject, Injectable } from '@nestjs/common';
import { Replay, ToldRecords, type ReadRecord } from '@telltale/domain';
import type pg from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { READ_MODEL } from '../connections';
import { noSuchSession } from '../sessions/session-detail';
import { HeldSessions, HistoryLimits } from './held-sessions';
import { refuseTooLarge } from './history-problems';
import { ReadSoFar, SessionLog, type OpenFile } from './session-log';
import { readSession, type SessionSnapshot } from './session-snapshot';

const bytesOfSequence = 40;

/** A replay, and what it takes to go on when the session does. */
interface HeldReplay {
  readonly revision: string;
  readonly replay: Replay;
  readonly records: ToldRecords;
  readonly soFar: ReadSoFar;
  readonly byteLength: number;
}

/** Sessions as they can be asked about any time. */
@Injectable()
export class Replays {
  private readonly held: HeldSessions<HeldReplay>;

  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    private readonly log: SessionLog,
    limits: HistoryLimits,
  ) {
    this.held = new HeldSessions(limits, {
      make: (id, signal) => this.make(id, signal),
      usesRoom: false,
    });
  }

  /** @throws ProblemException 404 for an unknown session, 413, 503 */
  of(id: string, signal: AbortSignal): Promise<HeldReplay> {
    return this.held.of(id, signal);
  }

  private async make(id: string, signal: AbortSignal): Promise<HeldReplay> {
    const snapshot = await readSession(this.readModel, id);
    if (snapshot === undefined) throw noSuchSession(id);
    refuseTooLarge(snapshot.files, snapshot.items.length + snapshot.usage.length);
    const { records, soFar } = this.begun(snapshot);
    const visit = (record: ReadRecord, file: OpenFile) => note(records, record, file);
    await this.log.read(snapshot, { soFar, visit, signal });
    const { revision, state, items, usage } = snapshot;
    const replay = new Replay({ state, records, items, usage });
    for (const steps = replay.prepare(); !steps.next().done;) await nextTurn();
    const byteLength = replay.byteLength + bytesOfSequence * soFar.sequences.size;
    return { revision, replay, records, soFar, byteLength };
  }

  /** What was read before holds on, unless the read model was made anew since. */
  private begun({ revision, state }: SessionSnapshot): Pick<HeldReplay, 'records' | 'soFar'> {
    const known = this.held.known(state.id);
    if (known !== undefined && generationOf(known.revision) === generationOf(revision)) return known;
    return { records: new ToldRecords(state.id, state.source), soFar: new ReadSoFar() };
  }
}

function generationOf(revision: string): string {
  return revision.slice(0, revision.lastIndexOf('.'));
}

function note(records: ToldRecords, record: ReadRecord, { file, reading }: OpenFile): void {
  const { said, fact } = record;
  for (const observation of said) records.add(observation, fact.time);
  const isGone = record.bytes === 0 && reading.removed;
  const own = said.find(({ type, sessionId }) => type === 'activity' && sessionId === records.sessionId);
  if (own === undefined && !isGone) return;
  const { role, path } = reading;
  if (role === '') return;
  const listed = { host: file.host, path, role };
  const at = Math.min(own?.at ?? fact.time, fact.time);
  if (!isGone) records.addFile(listed, { at, removed: false });
  else if (records.files.has(`${file.host}:${path}`)) records.addFile(listed, { at, removed: true });
}
