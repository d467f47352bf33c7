import { setTimeout as pause } from 'node:timers/promises';

/** How time goes by while a session is played. Milliseconds. */
export interface Pace {
  now(): Date;
  /** Thinking and writing take between `from` and `to`. */
  think(from: number, to: number): Promise<void>;
  /** A tool works for about so long. */
  work(ms: number): Promise<void>;
}

/** Real time. `factor` 1 is lifelike, less is faster. Both waits throw the signal's AbortError when told to end. */
export function livePace(factor: number, signal: AbortSignal): Pace {
  const wait = (ms: number): Promise<void> => pause(ms * factor, undefined, { signal });
  return {
    now: () => new Date(),
    think: (from, to) => wait(between(from, to)),
    work: (ms) => wait(between(ms, ms * 1.3)),
  };
}

/** In the past people read and think for long: seconds become minutes, so that a session has some time behind it. */
const stretch = 45;

/**
 * Time that has gone by already, and nobody waits for it: what takes the time that `rehearsal` takes ends at `end`.
 * It is played twice, with the same waits.
 */
export async function pastPace(end: Date, rehearsal: (pace: Pace) => Promise<void>): Promise<Pace> {
  const waits: number[] = [];
  const note = async (ms: number) => void waits.push(ms);
  await rehearsal({
    now: () => end,
    think: (from, to) => note(between(from, to) * stretch),
    work: (ms) => note(between(ms, ms * 1.3)),
  });
  let at = end.getTime() - waits.reduce((sum, ms) => sum + ms, 0);
  const pass = async () => void (at += waits.shift() ?? 0);
  return { now: () => new Date(at), think: pass, work: pass };
}

function between(from: number, to: number): number {
  return from + Math.random() * (to - from);
}
