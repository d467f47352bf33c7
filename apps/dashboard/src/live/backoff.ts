const firstDelayMs = 250;
const longestDelayMs = 30_000;

/**
 * How long to wait before the next attempt, after so many failed ones: doubling from a quarter of a second up to
 * 30 s, each with up to a fifth less, so that a fleet of browsers does not come back in one instant.
 * @param random a number in [0, 1)
 */
export function backoffMs(failedAttempts: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, Math.min(failedAttempts - 1, 20)));
  return full * (1 - 0.2 * random);
}

/** How long an attempt may take: short at first, patient later, for networks that are merely slow. */
export function attemptTimeoutMs(failedAttempts: number): number {
  return failedAttempts < 5 ? 2500 : 10_000;
}
