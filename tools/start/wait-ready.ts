import { StartFailure } from './failure';

/**
 * Polls a readiness address until it says yes.
 *
 * @throws StartFailure with its last answer when time is up; the signal's reason when all is to end
 */
export async function waitReady(url: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let answer = 'no answer'; ;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
      const text = await response.text();
      if (response.ok) return;
      answer = `${response.status} ${text}`;
    } catch {
      // Not listening yet, or not quick enough: the deadline decides.
    }
    if (Date.now() >= deadline)
      throw new StartFailure(`The gateway is not ready after ${timeoutMs / 1000} s: ${answer}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
