import { counted, formatBytes, formatCount } from '../figures/format';
import type { HostState } from '../live/hosts';
import { clockTimeOrDay, shortAge } from '../time/durations';

/** `Silent since 14:02 · 3 min`, `Reading · 62 %`, `Live`. */
export function hostStateWords(host: HostState, now: number): string {
  if (host.silent)
    return `Silent since ${clockTimeOrDay(host.lastSeenAt, now)} · ${shortAge(now - Date.parse(host.lastSeenAt))}`;
  if (host.reading !== null) return `Reading · ${Math.min(99, Math.floor(100 * host.reading))} %`;
  return 'Live';
}

/** `2 files`, and what of them is not in the log yet. */
export function hostFilesWords({ files, bytesBehind }: HostState): string {
  const behind = bytesBehind > 0 ? ` · ${formatBytes(bytesBehind)} behind` : '';
  return `${counted(files, 'file')}${behind}`;
}

const contents = {
  full: 'Full texts',
  preview: 'Previews only',
  none: 'Numbers only',
} as const;

/** What of the texts leaves the host: its owner's choice. */
export function contentWords({ content }: HostState): string | null {
  return content === undefined ? null : contents[content];
}

/** How many secrets were masked before anything left the host, since its watcher began; null where it does not say. */
export function maskedWords({ redaction, redacted }: HostState): { words: string; explains: string } | null {
  if (redaction === undefined && redacted === undefined) return null;
  const found = Object.entries(redacted?.byRule ?? {})
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([rule, count]) => `${rule}: ${formatCount(count)}`);
  const count = formatCount(redacted?.total ?? 0);
  if (redaction === 'off')
    return {
      words: `${count} · rules off`,
      explains: ['Only what tells of the account is masked.', ...found].join('\n'),
    };
  const rules = redaction === undefined ? [] : [`Rules ${redaction}, since the watcher began`];
  return { words: count, explains: [...rules, ...found].join('\n') };
}
