import type { ContentMode } from '@telltale/contracts';
import { signsIn } from '../content/objective-marker';
import { emailsIn, accountRule, type AccountRecord } from '../secrets/account-records';
import type { Found, Secret, SecretSearch } from '../secrets/secret-search';
import { LineMask } from './line-mask';
import { noSecrets, SecretCounts, type Masked } from './masked';
import { MaskedCopy } from './masked-copy';

const newline = 0x0a;

/** Masks whole lines: the bodies of most facts. */
export class Masker {
  private readonly line: LineMask;

  constructor(
    private readonly search: SecretSearch,
    private readonly mode: ContentMode,
  ) {
    this.line = new LineMask(mode);
  }

  /** Takes the bytes as they are where nothing is to be masked. */
  lines(bytes: Uint8Array): Masked {
    const found = this.search.find(bytes);
    const { secrets, accounts } = found;
    if (this.mode === 'full' && secrets.length + accounts.length === 0) return { bytes, secrets: noSecrets };
    const signs = this.mode === 'full' ? [] : signsIn(bytes);
    const copy = new MaskedCopy(bytes);
    const counts = new SecretCounts();
    const touched = new LinesTouched(found);
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(newline, from);
      const to = end < 0 ? bytes.length : end;
      const { secrets: inLine, account } = touched.within(bytes, from, to);
      if (this.mode !== 'full' || inLine.length > 0 || account !== undefined) {
        this.line.restart();
        this.line.apply({
          bytes,
          own: [from, to],
          since: from,
          limit: to,
          origin: -from,
          secrets: inLine,
          signs,
          account,
          copy,
          masked: (rule) => counts.add(rule),
        });
      }
      from = to + 1;
    }
    return { bytes: copy.result(), secrets: counts.result() };
  }
}

/** What was found, line after line. */
class LinesTouched {
  private nextSecret = 0;
  private nextAccount = 0;

  constructor(private readonly found: Found) {}

  within(
    bytes: Uint8Array,
    from: number,
    to: number,
  ): { readonly secrets: readonly Secret[]; readonly account: AccountRecord | undefined } {
    const { secrets, accounts } = this.found;
    const first = this.nextSecret;
    while ((secrets[this.nextSecret]?.from ?? Infinity) < to) this.nextSecret++;
    let account: AccountRecord | undefined;
    for (; (accounts[this.nextAccount]?.at ?? Infinity) < to; this.nextAccount++)
      account ??= accounts[this.nextAccount]?.record;
    const inLine = secrets.slice(first, this.nextSecret);
    if (account !== 'session_context') return { secrets: inLine, account };
    return { secrets: withEmails(inLine, bytes, from, to), account };
  }
}

/** The secrets of a line that tells of the account, its e-mail addresses among them. */
export function withEmails(
  secrets: readonly Secret[],
  bytes: Uint8Array,
  from: number,
  to: number,
): Secret[] {
  const emails = emailsIn(bytes, from, to).map(([first, last]) => ({
    rule: accountRule,
    from: first,
    to: last,
  }));
  return [...secrets, ...emails].sort((a, b) => a.from - b.from || b.to - a.to);
}
