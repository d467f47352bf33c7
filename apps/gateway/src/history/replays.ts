import { Inject, Injectable } from '@nestjs/common';
import { Replay, ToldRecords, type ReadRecord } from '@telltale/domain';
import type pg from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { READ_MODEL } from '../connections';
import { DeletedSessions } from '../deleting/deleted-sessions';
import { ByteCache } from '../log/byte-cache';
import { noSuchSession } from '../sessions/session-detail';
import { Revisions } from '../sessions/revisions';
import { passing, refuseTooLarge } from './history-problems';
import { HistoryWork } from './history-work';
import { ReadSoFar, SessionLog, type OpenFile } from './session-log';
import { readSession, type SessionSnapshot } from './session-snapshot';
import { SharedWork } from '../work/shared-work';

/** Replays that were asked lately stay: a slider asks again. */
const keptBytes = 64 * 1024 * 1024;
const bytesOfSequence = 40;

/** A replay, and what it takes to go on when the session does. */
export interface HeldReplay {
  readonly revision: string;
  readonly replay: Replay;
  readonly records: ToldRecords;
  readonly soFar: ReadSoFar;
  readonly byteLength: number;
}

/** Sessions as they can be asked about any time. */
@Injectable()
export class Replays {
  private readonly kept = new ByteCache<string, HeldReplay>(keptBytes);
  private readonly shared = new SharedWork<HeldReplay>();
  private forgotten = 0;

  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    private readonly revisions: Revisions,
    private readonly log: SessionLog,
    private readonly work: HistoryWork,
    deleted: DeletedSessions,
  ) {
    deleted.hear(() => this.forget());
  }

  /** @throws ProblemException 404 for an unknown session, 413, 503 */
  async of(id: string, signal: AbortSignal): Promise<HeldReplay> {
    const revision = await this.revisions.session(id);
    if (revision === undefined) throw noSuchSession(id);
    const known = this.kept.get(id);
    if (known?.revision === revision) return known;
    try {
      return await this.shared.of(id, signal, (left) => this.work.run(() => this.make(id, left)));
    } catch (error) {
      throw passing(error);
    }
  }

  /** A session was deleted for good: nothing that was read before is kept. */
  private forget(): void {
    this.forgotten += 1;
    this.kept.clear();
  }

  private async make(id: string, signal: AbortSignal): Promise<HeldReplay> {
    signal.throwIfAborted();
    const { forgotten } = this;
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
    const held = { revision, replay, records, soFar, byteLength };
    if (this.forgotten === forgotten) this.kept.set(id, held);
    return held;
  }

  /** What was read before holds on, unless the read model was made anew since. */
  private begun({ revision, state }: SessionSnapshot): Pick<HeldReplay, 'records' | 'soFar'> {
    const known = this.kept.get(state.id);
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
