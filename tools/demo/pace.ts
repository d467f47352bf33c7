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

/** Time that has gone by already: nobody waits for it. It begins at the epoch; who writes it down moves it. */
export function pastPace(): Pace {
  let elapsed = 0;
  const pass = (ms: number): Promise<void> => {
    elapsed += ms;
    return Promise.resolve();
  };
  return {
    now: () => new Date(elapsed),
    think: (from, to) => pass(between(from, to) * stretch),
    work: (ms) => pass(between(ms, ms * 1.3)),
  };
}

function between(from: number, to: number): number {
  return from + Math.random() * (to - from);
}
