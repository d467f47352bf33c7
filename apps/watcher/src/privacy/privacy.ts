import type { ContentMode, WatcherHeartbeat } from '@telltale/contracts';
import { readAt } from '../tailing/bounded-reads';
import { fingerprint, tailLimit } from '../tailing/fingerprint';
import { openFile } from '../tailing/opened-file';
import type { FreshBytes } from '../tailing/reading';
import type { TrackedFile } from '../tailing/tracked-file';
import { LongLines, type ReadLine } from './masking/long-lines';
import type { Masked } from './masking/masked';
import { Masker } from './masking/masker';
import { Redactions } from './redactions';
import { ruleSetVersion, secretRules } from './rules/rule-set';
import { SecretSearch } from './secrets/secret-search';

export interface PrivacySettings {
  readonly content: ContentMode;
  /** Secrets are masked. What tells of the account is masked in any case. */
  readonly redact: boolean;
}

/** A part of a line was read without the bytes around it: a fault of its reader. */
class PartWithoutContextError extends Error {
  override readonly name = 'PartWithoutContextError';
}

/** The file is not the one any more of which a part was published. */
class ChangedFileError extends Error {
  override readonly name = 'ChangedFileError';
}

/** What of a file may leave this host. Bytes keep their number, ids, times and figures stay as they are. */
export class Privacy {
  /** What was masked in facts that are in the log. */
  readonly redactions = new Redactions();
  private readonly masker: Masker;
  private readonly longLines: LongLines<TrackedFile>;

  constructor(readonly settings: PrivacySettings) {
    const search = new SecretSearch(settings.redact ? secretRules : []);
    this.masker = new Masker(search, settings.content);
    this.longLines = new LongLines(search, settings.content);
  }

  /** For the heartbeat. */
  snapshot(): Pick<WatcherHeartbeat, 'content' | 'redaction' | 'redacted'> {
    const { content, redact } = this.settings;
    return { content, redaction: redact ? ruleSetVersion : 'off', redacted: this.redactions.snapshot() };
  }

  /** Pictures are content, and there is no half of one to show. */
  get sendsPictures(): boolean {
    return this.settings.content === 'full';
  }

  /**
   * The bytes of a reading as they may be published. The reading's fingerprints stay those of the file's own bytes.
   *
   * @throws errors of the file system, or where the file changed meanwhile: the file is read again later
   */
  async mask(file: TrackedFile, reading: FreshBytes): Promise<Masked> {
    const { part, around } = reading;
    if (part === undefined) return this.masker.lines(reading.bytes);
    if (around === undefined) throw new PartWithoutContextError(`${file.path}: part ${part.k}/${part.n}`);
    const offset = (part.k - 1) * part.size;
    const begin = reading.from - offset;
    return this.longLines.mask(
      file,
      {
        line: `${reading.generation} ${begin}`,
        offset,
        length: reading.bytes.length,
        around: around.bytes,
        at: around.at,
      },
      around.at === offset
        ? async (from, to) => around.bytes.subarray(from, to)
        : rereading(file, begin, { offset, tail: file.position.tail }),
    );
  }
}

/** Reads a line of the file again up to `offset`, and proves there that it is the line that was published. */
function rereading(
  file: TrackedFile,
  begin: number,
  { offset, tail }: { offset: number; tail: string },
): ReadLine {
  return async (from, to) => {
    const opened = await openFile(file.path, file.local);
    if (opened === undefined) throw new ChangedFileError(`${file.path}: it is gone`);
    try {
      const proof = Math.min(tailLimit, begin + offset);
      if (fingerprint(await readAt(opened, begin + offset - proof, proof)) !== tail)
        throw new ChangedFileError(`${file.path}: it changed before byte ${begin + offset}`);
      return await readAt(opened, begin + from, to - from);
    } finally {
      opened.close();
    }
  };
}
