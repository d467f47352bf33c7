import type { RateLimit } from '@telltale/contracts';
import { storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { recall, remember } from '../reading/remembered';

/** Some accounts have limits of their own for some models; nobody has many. */
const shownLimits = 8;
const mostFields = 20;
const usualLimit = 'codex';
const longestWindow = 1e9;

/** The windows of the limit that a record tells of join what was read of others before. */
export function readRateLimits(reading: LineReading, limits: unknown): void {
  const stated = asObject(limits);
  if (stated === undefined) return;
  const { state } = reading;
  const before = state.get('limits');
  for (const [window, value] of Object.entries(stated).slice(0, mostFields))
    noteWindow(reading, nameOf(stated, window), value);
  const after = state.get('limits');
  if (after === before) return;
  const shown = after.map(([, read]) => read);
  reading.register(
    'rateLimits',
    shown.sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** A window that is stated to be none is forgotten; a reading that says what the last one said is not news. */
function noteWindow(reading: LineReading, name: string, value: unknown): void {
  const { state } = reading;
  const known = state.get('limits');
  const last = recall(known, name);
  const read = limitOf(reading, name, asObject(value));
  if (read === undefined) {
    if (value === null && last !== undefined)
      state.set(
        'limits',
        known.filter(([other]) => other !== name),
      );
  } else if (contentOf(read) !== contentOf(last)) {
    state.set('limits', remember(known, name, read).slice(-shownLimits));
  }
}

/** `primary`, `secondary`; of a limit of its own with that limit's name before. */
function nameOf(stated: JsonObject, window: string): string {
  const id = asText(stated['limit_id']);
  const limit = asText(stated['limit_name']) ?? (id === usualLimit ? undefined : id);
  return storableName(limit === undefined ? window : `${limit} ${window}`);
}

function limitOf(reading: LineReading, name: string, window: JsonObject | undefined): RateLimit | undefined {
  const used = window?.['used_percent'];
  if (typeof used !== 'number' || !Number.isFinite(used) || used < 0) return undefined;
  const minutes = window?.['window_minutes'];
  const isLength = typeof minutes === 'number' && minutes > 0 && minutes < longestWindow;
  return {
    name,
    usedPercent: Math.min(used, 1e6),
    windowMinutes: isLength ? minutes : null,
    resetsAt: resetOf(reading, window),
    at: reading.at > 0 ? new Date(reading.at).toISOString() : null,
  };
}

/** Epoch seconds; older versions state how many seconds are left. */
function resetOf(reading: LineReading, window: JsonObject | undefined): string | null {
  const at = window?.['resets_at'] ?? window?.['reset_at'];
  const left = window?.['resets_in_seconds'];
  const seconds = typeof at === 'number' ? at : typeof left === 'number' ? reading.at / 1e3 + left : 0;
  const ms = Math.round(seconds * 1e3);
  return ms > 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : null;
}

/** All but when it was read: a reading that says the same is not told again. */
function contentOf(read: RateLimit | undefined): string {
  return JSON.stringify([read?.usedPercent, read?.windowMinutes, read?.resetsAt]);
}
