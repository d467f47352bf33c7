/** Times for tests that do not depend on when the tests run: a day, or a quarter of an hour, may end meanwhile. */

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/**
 * Times a second apart, later than any budget that a test makes, all in one quarter of an hour: costs are summed up by
 * these, so what a session has cost in all of them is one sum, which the last spending states.
 */
export function risingTimes(): () => number {
  const begin = Math.ceil((Date.now() + 10 * minuteMs) / quarterMs) * quarterMs;
  let seconds = 0;
  return () => {
    if (++seconds * 1000 >= quarterMs) throw new Error('no more times in this quarter of an hour');
    return begin + seconds * 1000;
  };
}

/** A time zone where it is between noon and one o'clock: neither the day nor the month ends there soon. */
export function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`; // its sign is the other way round
}

interface Zone {
  readonly tz: string;
  readonly aheadMs: number;
}

/** The one of them whose midnight is farther away. They have no change of clocks. */
export function zoneFarFromMidnight(one: Zone, other: Zone): Zone {
  return fromMidnight(one) > fromMidnight(other) ? one : other;
}

function fromMidnight({ aheadMs }: Zone): number {
  const dayMs = 24 * 60 * minuteMs;
  const passed = (Date.now() + aheadMs) % dayMs;
  return Math.min(passed, dayMs - passed);
}
