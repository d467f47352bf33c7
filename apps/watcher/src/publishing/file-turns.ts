import type { Logger } from '@telltale/platform';
import type { Privacy } from '../privacy/privacy';
import type { ProjectGate } from '../privacy/project-gate';
import { sumOf } from '../privacy/redactions';
import { epochNow } from '../tailing/epoch-now';
import type { ReadRequest } from '../tailing/file-reader';
import { beginning } from '../tailing/position';
import { look } from '../tailing/look';
import { fileStat, type FreshBytes, type Reading } from '../tailing/reading';
import type { TrackedFile } from '../tailing/tracked-file';
import type { ByteLog } from './byte-log';
import { appendedEnvelope, removedEnvelope, type FactEnvelope } from './fact-headers';
import type { FactLog } from './fact-log';
import { positionAfter } from './head';

export interface FileTurnsContext {
  readonly log: FactLog;
  readonly host: string;
  /** Bytes a fact carries at most. */
  readonly factBytes: number;
  readonly logger: Logger;
  /** What of a reading may be published. */
  readonly privacy: Privacy;
  /** Whose transcripts may be published at all. */
  readonly gate: ProjectGate;
  /** Takes bytes that belong to facts; undefined where they must not leave this host. */
  readonly byteLog: ByteLog | undefined;
  /** Whether the folder a file belongs to is there at all: an unmounted disk removes no file. */
  isRootThere(root: string): Promise<boolean>;
  /** A fact is in the log. `latencyMs`: since its bytes were seen; undefined for the backlog. */
  onStored(file: TrackedFile, bytes: number, latencyMs: number | undefined): void;
  onConflict(file: TrackedFile): void;
  /** The log does not hold what it held: it was lost or made anew. */
  onLogLost(): void;
  /** All of the file that can be published is in the log. */
  onSettled(file: TrackedFile): void;
  /** What its reader began beside its turns is done: it wants one. */
  onReady(file: TrackedFile): void;
  /** Removed on disk and in the log. */
  onGone(file: TrackedFile): void;
}

/** A turn of a file: read what comes next, publish it as one fact on top of the last one, move on. */
export class FileTurns {
  constructor(private readonly context: FileTurnsContext) {}

  /** Never rejects. True: the file wants another turn at once. */
  async run(file: TrackedFile): Promise<boolean> {
    const touchedAt = file.touchedAt;
    file.touchedAt = undefined;
    try {
      const wantsMore = await this.take(file, touchedAt);
      file.troubled = false;
      return wantsMore;
    } catch (error) {
      // Not readable now: permissions, too many open files, a failing disk. The sweep tries again; others go on.
      if (!file.troubled)
        this.context.logger.warn('a file cannot be read; trying again', { path: file.path, error });
      file.troubled = true;
      file.touchedAt = touchedAt;
      return false;
    }
  }

  private async take(file: TrackedFile, touchedAt: number | undefined): Promise<boolean> {
    if (file.position.deleted) return this.passBy(file);
    const readAt = Date.now();
    const reading = await this.read(file);
    if (reading.kind === 'gone') return this.remove(file);
    file.stat = reading.stat;
    file.readAt = readAt;
    if (reading.kind === 'nothing') {
      file.search = reading.search;
      if (!reading.waits) return this.settle(file);
      file.settled = false;
      file.touchedAt ??= touchedAt;
      return false;
    }
    file.settled = false;
    file.search = undefined;
    file.excluded = await this.context.gate.isExcluded(file, reading);
    return file.excluded ? this.settle(file) : this.publish(file, reading, touchedAt);
  }

  /** Its session was deleted: it is not opened any more, and once it is not there, forgotten. */
  private async passBy(file: TrackedFile): Promise<boolean> {
    file.reader.forget?.();
    file.search = undefined;
    if (file.reader.isMember) return this.settle(file);
    const stats = await look(file.path, file.local);
    if (stats === undefined) {
      this.context.onGone(file);
      return false;
    }
    file.stat = fileStat(stats);
    return this.settle(file);
  }

  private read(file: TrackedFile): Promise<Reading> {
    const { path, local, position, search } = file;
    const room = this.context.factBytes;
    return file.reader.read({ path, local, position, search, room, ...this.attachments(file) });
  }

  private attachments(file: TrackedFile): Pick<ReadRequest, 'attachments'> {
    const { byteLog, logger } = this.context;
    if (byteLog === undefined) return {};
    return {
      attachments: {
        store: async (sha256, bytes) => !(await this.isDeleted(file)) && byteLog.store(sha256, bytes),
        wake: () => this.context.onReady(file),
        warn: (message, details) => logger.warn(message, { path: file.path, ...details }),
      },
    };
  }

  /**
   * Whether the file's session was deleted since the last fact that is known. Facts find out by themselves, but bytes
   * would be in the byte stream before theirs is refused.
   */
  private async isDeleted(file: TrackedFile): Promise<boolean> {
    const { sequence } = file.position;
    if (sequence === 0) return false; // a new file: ingest finds out by the fact that follows
    const head = await this.context.log.head(file.subject);
    if (head === undefined || head.sequence === sequence) return file.position.deleted;
    file.position = positionAfter(head);
    return file.position.deleted;
  }

  private async publish(
    file: TrackedFile,
    reading: FreshBytes,
    touchedAt: number | undefined,
  ): Promise<boolean> {
    const seen = touchedAt ?? epochNow();
    const { privacy, host } = this.context;
    const { bytes, secrets } = await privacy.mask(file, reading);
    const envelope = appendedEnvelope(host, file, { ...reading, redacted: sumOf(secrets) }, seen);
    const sequence = await this.append(file, envelope, bytes);
    if (sequence === undefined) {
      file.touchedAt ??= touchedAt;
      return true;
    }
    file.reader.stored?.(reading);
    privacy.redactions.add(secrets);
    const { generation, to, identity, tail, part, cursor } = reading;
    const unfinished = part && part.k < part.n ? part : undefined;
    file.position = {
      sequence,
      generation,
      offset: to,
      identity,
      tail,
      part: unfinished,
      cursor,
      removed: false,
      deleted: false,
      unproven: false,
    };
    this.context.onStored(
      file,
      reading.bytes.length,
      touchedAt === undefined ? undefined : epochNow() - seen,
    );
    return reading.more || this.settle(file);
  }

  private settle(file: TrackedFile): false {
    file.settled = true;
    this.context.onSettled(file);
    return false;
  }

  /** The file is not there any more. Nothing is said where the log knows nothing of it, or knows it already. */
  private async remove(file: TrackedFile): Promise<boolean> {
    if (!(await this.context.isRootThere(file.root))) return false;
    if (file.position.sequence > 0 && !file.position.removed) {
      const envelope = removedEnvelope(this.context.host, file, epochNow());
      const sequence = await this.append(file, envelope, Buffer.from('{}'));
      if (sequence === undefined) return true;
      file.position = { ...beginning, sequence, removed: true };
    }
    this.context.onGone(file);
    return false;
  }

  /**
   * The fact's sequence; undefined where another fact was there first: the position then follows the log, and the
   * next turn goes on from there.
   */
  private async append(
    file: TrackedFile,
    { id, headers }: FactEnvelope,
    body: Uint8Array,
  ): Promise<number | undefined> {
    const expectedSequence = file.position.sequence;
    const outcome = await this.context.log.append({ subject: file.subject, headers, body, expectedSequence });
    if (outcome.kind === 'stored') return outcome.sequence;
    if (outcome.kind === 'stopped') return undefined;
    const head = await this.context.log.head(file.subject);
    if (head?.attributes?.id === id) return head.sequence; // ours, of a try whose answer got lost
    this.context.onConflict(file);
    if (!head && expectedSequence > 0) this.context.onLogLost();
    file.position = positionAfter(head);
    return undefined;
  }
}
