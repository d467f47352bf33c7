import type { Session } from '@telltale/contracts';

/** How figures and times are written in documents for people: English, UTC. */

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const shares = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export const unknownFigure = '–';

export function countWords(value: number | null): string {
  return value === null ? unknownFigure : counts.format(value);
}

/** `1 message`, `2 messages` */
export function amountWords(value: number, one: string): string {
  return `${countWords(value)} ${one}${value === 1 ? '' : 's'}`;
}

/** `3.1M` */
export function compactWords(value: number): string {
  return compact.format(value);
}

export function shareWords(value: number | null): string {
  return value === null ? unknownFigure : shares.format(value);
}

/** US dollars: cents, and below a cent as many places as tell something. */
export function moneyWords(usd: number | null): string {
  if (usd === null) return unknownFigure;
  const places = usd === 0 || usd >= 0.01 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places })}`;
}

/** `1 h 12 min`, `4 min 3 s`, `0.8 s`, `140 ms` */
export function durationWords(ms: number | null): string {
  if (ms === null) return unknownFigure;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `2026-03-01 10:31:40`, UTC. */
export function timeWords(at: string | null): string {
  return at === null ? unknownFigure : at.slice(0, 19).replace('T', ' ');
}

export const statusWords: Record<Session['status'], string> = {
  running: 'Running',
  waiting: 'Waiting for a person',
  idle: 'Idle',
  completed: 'Completed',
  failed: 'Failed',
};

export const sourceWords: Record<Session['source'], string> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  opencode: 'OpenCode',
  gemini: 'Gemini',
  'ui-test': 'UI test',
  push: 'Pushed',
};
