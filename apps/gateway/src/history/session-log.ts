import { Inject, Injectable } from '@nestjs/common';
import { parseFactSubject } from '@telltale/contracts';
import { decoderOf, FileReading, type ReadRecord, type Whereabouts } from '@telltale/domain';
import type pg from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { READ_MODEL } from '../connections';
import { mapAtMost } from '../work/at-most';
import { FactHistory } from './fact-history';
import type { LoggedFile, SessionSnapshot } from './session-snapshot';

/** Files that are read side by side. */
const atOnce = 8;

/** A file of a session on its way through the decoder. */
export interface OpenFile {
  readonly file: Pick<LoggedFile, 'source' | 'host' | 'subject'>;
  readonly reading: FileReading;
  /** The file as it is now. */
  readonly now: Whereabouts['file'];
}

export type Visit = (record: ReadRecord, file: OpenFile) => void;

/** How far a session's files were read: reading goes on from there. */
export class ReadSoFar {
  /** By subject. */
  readonly files = new Map<string, OpenFile>();
  /** Sequences of the facts that said something. */
  readonly sequences = new Set<number>();
}

export interface LogRequest {
  readonly soFar: ReadSoFar;
  readonly visit: Visit;
  readonly signal: AbortSignal;
}

/** Reads what the log tells of a session, as far as the snapshot goes. */
@Injectable()
export class SessionLog {
  constructor(
    private readonly history: FactHistory,
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
  ) {}

  /** @throws LogSilentError; the signal's reason */
  async read({ files, state }: Pick<SessionSnapshot, 'files' | 'state'>, request: LogRequest): Promise<void> {
    const { soFar } = request;
    const refused = await this.refusedFacts(files);
    const visit: Visit = (record, file) => {
      soFar.sequences.add(record.place.sequence);
      if (record.fact.kind === 'attachment.added' && refused.has(record.place.sequence)) return;
      request.visit(record, file);
    };
    await mapAtMost(atOnce, files, (file) => this.readFile(file, { ...request, visit }));
    if (!decoderOf(state.source)?.hasStrays) return;
    const strays = await this.strays(state.id, soFar);
    await mapAtMost(atOnce, strays, (file) => this.readFile(file, { ...request, visit }));
  }

  private async readFile(
    file: Pick<LoggedFile, 'source' | 'host' | 'subject' | 'last'>,
    { soFar: { files }, visit, signal }: LogRequest,
  ): Promise<void> {
    const open = files.get(file.subject) ?? opened(file);
    if (open === undefined) return; // of a tool that this build does not know
    files.set(file.subject, open);
    const { reading } = open;
    const range = { subject: file.subject, after: reading.last, upTo: file.last };
    for await (const facts of this.history.of(range, signal)) {
      for (const fact of facts) {
        for (const record of reading.read(fact)) visit(record, open);
        await nextTurn(); // others want to be answered meanwhile
        signal.throwIfAborted();
      }
    }
  }

  /** Facts that tell of pictures which could not be proven: those are not shown. */
  private async refusedFacts(files: readonly LoggedFile[]): Promise<Set<number>> {
    const names = files.map(({ subject }) => subject.split('.').slice(3).join('.'));
    const { rows } = await this.readModel.query<{ sequence: number }>(
      'select distinct sequence from quarantine where file = any($1::text[])',
      [names],
    );
    return new Set(rows.map(({ sequence }) => sequence));
  }

  /** Files that hold parts of the session's items and were not met yet. */
  private async strays(
    id: string,
    { sequences }: ReadSoFar,
  ): Promise<Pick<LoggedFile, 'source' | 'host' | 'subject' | 'last'>[]> {
    const { rows } = await this.readModel.query<{ sequence: number }>(
      `select distinct (part->>'s')::bigint as sequence from item, jsonb_array_elements(parts) as part where session_id = $1`,
      [id],
    );
    const missing = rows.map(({ sequence }) => sequence).filter((sequence) => !sequences.has(sequence));
    const subjects = await mapAtMost(atOnce, missing, (sequence) => this.history.subjectOf(sequence));
    return [...new Set(subjects)].flatMap((subject) => {
      const parsed = subject === undefined ? undefined : parseFactSubject(subject);
      if (subject === undefined || parsed === undefined) return [];
      const { source, host } = parsed;
      return [{ source, host, subject, last: Number.MAX_SAFE_INTEGER }];
    });
  }
}

function opened(file: Pick<LoggedFile, 'source' | 'host' | 'subject'>): OpenFile | undefined {
  const decoder = decoderOf(file.source);
  if (decoder === undefined) return undefined;
  const reading = new FileReading(decoder, file);
  const now = {
    host: file.host,
    get path() {
      return reading.path;
    },
    get generation() {
      return reading.generation;
    },
  };
  return { file, reading, now };
}
