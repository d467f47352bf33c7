/** How far the two clocks may drift apart before they are brought together again. */
const toleratedDriftMs = 2;

let origin = performance.timeOrigin;

/**
 * Epoch milliseconds with a fraction. The monotonic clock gives the fraction, but it stands still while a
 * laptop sleeps and does not follow corrections of the wall clock, so it is set right against it.
 */
export function epochNow(): number {
  const now = origin + performance.now();
  const wall = Date.now();
  if (now >= wall - toleratedDriftMs && now <= wall + 1 + toleratedDriftMs) return now;
  origin = wall - performance.now();
  return wall;
}
