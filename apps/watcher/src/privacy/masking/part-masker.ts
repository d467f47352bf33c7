import type { ContentMode } from '@telltale/contracts';
import { signsIn } from '../content/objective-marker';
import { longestReach, type Span } from '../rules/rule';
import type { AccountRecord } from '../secrets/account-records';
import type { SecretSearch } from '../secrets/secret-search';
import { LineMask } from './line-mask';
import { SecretCounts, type Masked } from './masked';
import { MaskedCopy } from './masked-copy';
import { withEmails } from './masker';

const newline = 0x0a;

/**
 * So many bytes before and behind a part of a long line are looked at: twice what a rule reads, so that a secret that
 * runs into another is found wherever the line is cut.
 */
export const aroundBytes = 2 * longestReach;

/** Masks a line that is longer than a fact, part by part, as it would be masked in one piece. */
export class PartMasker {
  private readonly line: LineMask;
  private account: AccountRecord | undefined;
  /** Bytes of the line that are masked. */
  private done = 0;

  constructor(
    private readonly search: SecretSearch,
    private readonly mode: ContentMode,
  ) {
    this.line = new LineMask(mode);
  }

  get offset(): number {
    return this.done;
  }

  /**
   * The next part. Of a record that tells of the account, what stands before its type is masked only if the type
   * follows within {@link aroundBytes}.
   *
   * @param bytes the part, and up to {@link aroundBytes} of the same line before and behind it
   * @param own where the part lies in `bytes`; it begins where the last one ended
   */
  next(bytes: Uint8Array, own: Span): Masked {
    const { secrets, accounts } = this.search.find(bytes);
    this.account ??= accounts[0]?.record;
    const { account } = this;
    const isContext = account === 'session_context';
    const copy = new MaskedCopy(bytes, ...own);
    const counts = new SecretCounts();
    const end = bytes.indexOf(newline, own[0]);
    const limit = end < 0 ? bytes.length : end;
    this.line.apply({
      bytes,
      own: [own[0], Math.min(own[1], limit)],
      since: 0,
      limit,
      origin: this.done - own[0],
      secrets: isContext ? withEmails(secrets, bytes, 0, limit) : secrets,
      signs: this.mode === 'full' ? [] : signsIn(bytes),
      account,
      copy,
      masked: (rule) => counts.add(rule),
    });
    this.done += own[1] - own[0];
    return { bytes: copy.result(), secrets: counts.result() };
  }
}
