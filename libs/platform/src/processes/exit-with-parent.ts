const marker = Symbol.for('telltale.exit-with-parent');

/**
 * Ends this process when the one that started it is gone, also after a kill -9: the IPC channel closes then.
 * First as if by SIGTERM, so that it can finish its work; for good after `graceMs`. Does nothing without a channel.
 */
export function exitWithParent(graceMs = 5000): void {
  if (!process.connected || marker in process) return;
  Object.defineProperty(process, marker, { value: true });
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // The channel alone is no reason to stay alive.
  process.channel?.unref();
}
