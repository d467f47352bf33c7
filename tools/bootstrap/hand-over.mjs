import { spawn } from 'node:child_process';

/**
 * Runs the real program in our place: same terminal, our signals passed on, its exit code ours. It learns of our end
 * by the closing of the IPC channel, also after a kill -9.
 *
 * @param {import('./set-up.mjs').Workbench} workbench
 * @param {readonly string[]} args script and arguments
 * @returns {Promise<number>}
 */
export function handOver({ root, node, env }, args) {
  return new Promise((done, fail) => {
    const child = spawn(node, ['--enable-source-maps', ...args], {
      cwd: root,
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    const watch = process.env.npm_lifecycle_event ? onParentGone(() => child.kill('SIGTERM')) : undefined;
    child.once('error', fail);
    child.once('close', (code) => {
      clearInterval(watch);
      done(code ?? 1);
    });
  });
}

/** npm may be killed, or end without passing a signal on: then our parent changes, and nobody could end us any more. */
function onParentGone(then) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, 500);
  return timer;
}
