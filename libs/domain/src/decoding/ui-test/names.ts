import { parseInstant } from '../reading/instant';

/** Milliseconds since the epoch, between 2001 and 2286. */
const epoch = /(?:^|[^0-9])([1-9][0-9]{12})(?![0-9])/;
/** `2025-11-05T04-24-54`, with or without separators and milliseconds; UTC, as the tools write it. */
const stamp = /(\d{4})-?(\d{2})-?(\d{2})[T_ -](\d{2})[-:.]?(\d{2})[-:.]?(\d{2})(?:[-.](\d{3}))?Z?/;

/** The time that a folder's or a picture's name states, epoch milliseconds; undefined where it states none. */
export function timeInName(name: string): number | undefined {
  const digits = epoch.exec(name)?.[1];
  if (digits !== undefined) return Number(digits);
  const match = stamp.exec(name);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, ms = '000'] = match;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** `action_0_2025-11-05T04-24-54.png` shows `action_0`; null where nothing but a time is left of the name. */
export function labelInName(filename: string): string | null {
  // No file's name is longer, and what looks for its end takes its time.
  const stem = filename.slice(0, 300).replace(/\.[^.]*$/, '');
  const label = stem.replace(stamp, '').replace(epoch, '');
  return label.replace(/^[_\s.-]+|[_\s.-]+$/g, '') || null;
}
