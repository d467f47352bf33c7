/** A day or a month in a time zone. */
export interface Period {
  /** `2026-03-01` or `2026-03`. */
  readonly key: string;
  /** Epoch milliseconds; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;
/** Longer than any, with every change of clocks. */
const longestMs = { day: 36 * hourMs, month: 33 * 24 * hourMs } as const;

/** The day or month that holds the instant. @param at epoch ms @param tz a time zone that is known to exist */
export function periodOf(scope: 'day' | 'month', at: number, tz: string): Period {
  const keyOf = (instant: number) => localDate(instant, tz).slice(0, scope === 'day' ? 10 : 7);
  const key = keyOf(at);
  const from = firstWhere((instant) => keyOf(instant) >= key, at - longestMs[scope], at);
  const to = firstWhere((instant) => keyOf(instant) > key, at, at + longestMs[scope]);
  return { key, from, to };
}

/** When that day begins in a time zone, epoch ms; of a day that the zone leapt over, the one after it. @param day `2026-03-01` */
export function startOfDay(day: string, tz: string): number {
  const utc = Date.parse(day);
  return firstWhere((instant) => localDate(instant, tz) >= day, utc - longestMs.day, utc + longestMs.day);
}

/** The first instant that holds, between one that does not and one that does: local dates only rise. */
function firstWhere(holds: (instant: number) => boolean, before: number, holding: number): number {
  let [low, high] = [before, holding];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Making one costs more than asking it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-03-01` */
function localDate(at: number, tz: string): string {
  const known = formats.get(tz);
  const format =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: tz,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  if (!known) formats.set(tz, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return ['year', 'month', 'day'].map((type) => (parts.get(type as 'year') ?? '').padStart(2, '0')).join('-');
}
