import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RefusedAttachment } from '@telltale/contracts';
import { readAt } from '../../tailing/bounded-reads';
import { isAbsent } from '../../tailing/error-code';
import type { Attachments, FileReader, ReadRequest } from '../../tailing/file-reader';
import { openFile } from '../../tailing/opened-file';
import type { Position } from '../../tailing/position';
import { fileStat, type FileStat, type Reading } from '../../tailing/reading';
import { inspectPicture } from './picture-format';
import type { PictureJobs } from './picture-jobs';
import { isTold, isToldOf, pictureFact, type ToldPicture } from './told-picture';

export interface PictureSettings {
  /** A larger picture is left out, with a word. */
  readonly limitBytes: number;
  readonly jobs: PictureJobs;
}

/** A file system tells times in ticks: what was read within one of its writing may have changed in the same one. */
const tickMs = 100;

/** What came of looking at the file. */
interface Look {
  readonly stat: FileStat;
  readonly device: number;
  /** Undefined: half written; its next change wakes us again. */
  readonly told: ToldPicture | undefined;
  /** It was read so soon after its last change that another one may go unseen. */
  readonly early: boolean;
}

/**
 * Publishes a picture once it is whole: first its bytes into the byte stream, then a fact that says so. Reading, checking
 * and storing are done beside the file's turns, so that no picture holds up a fact.
 */
export class PictureReader implements FileReader {
  readonly grows = false;
  private looking = false;
  /** Not in the log yet, or half written. */
  private look: Look | undefined;
  /** The next turn is the one that was asked for when the look was done. */
  private fresh = false;
  private early = false;
  private problem: Error | undefined;

  constructor(private readonly settings: PictureSettings) {}

  async read(request: ReadRequest): Promise<Reading> {
    const stat = await fileAt(request.path);
    if (stat === undefined) return { kind: 'gone' };
    const { attachments } = request;
    const nothing: Reading = { kind: 'nothing', stat, search: undefined };
    if (attachments === undefined) return nothing;
    if (this.looking) return { ...nothing, waits: true };
    const look = this.takeLook(stat);
    if (look !== undefined) return this.tell(look, request.position, attachments) ?? nothing;
    if (!this.early && isToldOf(request.position, stat)) return nothing;
    this.begin(request.path, attachments);
    return { ...nothing, waits: true };
  }

  /** Should the log be lost with the byte stream, the bytes have to be brought again. */
  stored(): void {
    this.look = undefined;
  }

  /** What is known of the file as it is now; undefined where it must be looked at. @throws what looking at it threw */
  private takeLook(stat: FileStat): Look | undefined {
    const { problem, look, fresh } = this;
    this.problem = undefined;
    this.fresh = false;
    if (problem) throw problem;
    if (look === undefined || !sameStat(look.stat, stat)) return undefined;
    return fresh || !look.early ? look : undefined;
  }

  /** Undefined where there is nothing to say, or the log says it already. */
  private tell(look: Look, position: Position, attachments: Attachments): Reading | undefined {
    const { told, early } = look;
    this.early = early;
    if (told === undefined) return undefined;
    if (isTold(position, told)) {
      this.look = undefined;
      return undefined;
    }
    if (told.kind === 'refused') warn(told.line, attachments);
    return pictureFact(told, look.stat, look.device);
  }

  private begin(path: string, attachments: Attachments): void {
    this.looking = true;
    this.settings.jobs.add(async () => {
      try {
        this.look = await this.lookAt(path, attachments);
      } catch (error) {
        // Not readable now: the turn that is asked for says so, and the sweep tries again.
        this.problem = error instanceof Error ? error : new Error(String(error));
      }
      this.looking = false;
      this.fresh = true;
      attachments.wake();
    });
  }

  /** Undefined where the file is not there any more, or the program ends. */
  private async lookAt(path: string, attachments: Attachments): Promise<Look | undefined> {
    const opened = await openFile(path, false);
    if (opened === undefined) return undefined;
    try {
      const { stats } = opened;
      const seen = fileStat(stats);
      const look = { stat: seen, device: stats.dev, early: Date.now() - seen.mtimeMs < tickMs };
      if (seen.size > this.settings.limitBytes)
        return { ...look, told: this.refused('too-large', path, seen) };
      const bytes = await readAt(opened, 0, seen.size);
      const told = await this.judge(bytes, { path, seen, attachments });
      return told === 'stopped' ? undefined : { ...look, told };
    } finally {
      opened.close();
    }
  }

  private async judge(
    bytes: Buffer,
    { path, seen, attachments }: { path: string; seen: FileStat; attachments: Attachments },
  ): Promise<ToldPicture | 'stopped' | undefined> {
    const found = inspectPicture(bytes);
    if (found.kind === 'half') return undefined;
    if (found.kind === 'other') return this.refused('not-an-image', path, seen);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!(await attachments.store(sha256, bytes))) return 'stopped';
    const { mediaType, width, height } = found;
    const common = { filename: basename(path), bytes: bytes.length, modifiedAt: seen.mtimeMs };
    return { kind: 'stored', line: { ...common, sha256, mediaType, width, height } };
  }

  private refused(reason: 'too-large' | 'not-an-image', path: string, seen: FileStat): ToldPicture {
    const { limitBytes } = this.settings;
    const common = { filename: basename(path), bytes: seen.size, modifiedAt: seen.mtimeMs };
    return { kind: 'refused', line: { ...common, refused: reason, limitBytes } };
  }
}

function warn({ refused, bytes, limitBytes }: RefusedAttachment, attachments: Attachments): void {
  if (refused === 'too-large')
    attachments.warn('a picture is larger than TELLTALE_SCREENSHOT_LIMIT and is left out', {
      bytes,
      limitBytes,
    });
  else attachments.warn('a file among the pictures is no PNG, JPEG or WebP and is left out', { bytes });
}

/** Undefined where there is no file at the path (any more). */
async function fileAt(path: string): Promise<FileStat | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? fileStat(stats) : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function sameStat(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}
