import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { lastLines } from './command.mjs';

/** npm's own program, to be run under a Node of our choice. */
export function npmProgram(env = process.env) {
  const nextToNode = join(
    dirname(dirname(process.execPath)),
    'lib',
    'node_modules',
    'npm',
    'bin',
    'npm-cli.js',
  );
  const onPath = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  for (const candidate of [env.npm_execpath, nextToNode, ...onPath]) {
    if (!candidate || !existsSync(candidate)) continue;
    const program = realpathSync(candidate);
    if (program.endsWith('npm-cli.js')) return program;
  }
  throw new Failure(
    'npm is needed and is not on PATH. Install Node.js with npm (https://nodejs.org), or run "npm start".',
  );
}

/** What went wrong, in a line that says what to do, with npm's own last words. */
export function explainNpm(output) {
  const words = lastLines(
    output
      .split('\n')
      .filter((line) => /^npm err/i.test(line))
      .join('\n'),
    12,
  );
  if (/EACCES|EPERM|EROFS/.test(words))
    return `npm may not write here. Check who owns this folder and npm’s cache.\n${words}`;
  if (/ENOSPC/.test(words)) return `The disk is full.\n${words}`;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i.test(words)) {
    return `The package registry cannot be reached. Check the network, a proxy (npm config get proxy), and try again.\n${words}`;
  }
  return `npm failed.\n${words || lastLines(output, 12)}`;
}
