import type { Supervisor } from './supervisor';
import type { Terminal } from './terminal';

/** npm and the terminal both pass a Ctrl-C on: what follows this quickly is the same one. */
const sameSignalMs = 1500;

/**
 * Ends all in order on SIGINT, SIGTERM, SIGHUP, or when whoever started us is gone. A later second signal ends all
 * at once.
 *
 * @returns aborted when told to end
 */
export function endOnSignals(supervisor: Supervisor, terminal: Terminal): AbortSignal {
  const told = new AbortController();
  let since = 0;
  const end = () => {
    const now = performance.now();
    if (!told.signal.aborted) {
      since = now;
      terminal.ending();
      told.abort();
      void supervisor.stop();
    } else if (now - since > sameSignalMs) {
      void supervisor.kill().finally(() => process.exit(130));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (process.connected) {
    process.once('disconnect', end);
    process.channel?.unref();
  }
  return told.signal;
}
