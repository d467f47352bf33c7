/**
 * Polls until the check no longer throws, and gives its value; what it threw last when time is up.
 *
 * @param timeoutMs default 60 s: it costs nothing where what is waited for comes, and says nothing of how fast a machine is
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
