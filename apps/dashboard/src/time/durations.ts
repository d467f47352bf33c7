const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in few characters: `now`, `4 s`, `2 min`, `3 h`, `5 d`. Milliseconds; the future is now. */
export function shortAge(ms: number): string {
  if (ms < 1500) return 'now';
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

/** How long something took or has been going on: `20 ms`, `0.4 s`, `48 s`, `3 m 20 s`, `1 h 12 m`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 95) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} m ${Math.floor((ms % minute) / second)} s`;
  if (ms < day) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} m`;
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
}

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `16:42:07`, local time. */
export function clockTime(at: string): string {
  return time.format(new Date(at));
}

/** `16:42`, or `3 Nov` when that was not today. */
export function clockTimeOrDay(at: string, now: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date(now).toDateString()
    ? shortTime.format(date)
    : dayAndMonth.format(date);
}

/** `16:42:07`, or `3 Nov` when that was not today. */
export function exactTimeOrDay(at: string, now: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date(now).toDateString() ? time.format(date) : dayAndMonth.format(date);
}

/** Axis labels: `16:42` within a day and a half, else `3 Nov`. */
export function axisTime(at: Date, spanMs: number): string {
  return spanMs < 1.5 * day ? shortTime.format(at) : dayAndMonth.format(at);
}

/** For tooltips: `3 Nov 2026, 16:42:07`. */
export function fullTime(at: string): string {
  return full.format(new Date(at));
}

/** Local midnight of the day that holds `now`, epoch milliseconds. */
export function localMidnight(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
