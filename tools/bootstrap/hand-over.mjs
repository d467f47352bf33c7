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
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 1));
  });
}
