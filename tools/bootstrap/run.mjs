// What "npm start", "npm test", "npm run sign-in" and "npm run bench" run. Works on Node 20 and needs no packages: it
// fetches Node 24 and the packages itself.
import { Failure } from './failure.mjs';
import { handOver } from './hand-over.mjs';
import { printFailure } from './progress.mjs';
import { setUp } from './set-up.mjs';
import { printSignInLink } from './sign-in.mjs';
import { runTests } from './test.mjs';

/** @type {Record<string, (args: string[]) => Promise<number | void>>} */
const commands = {
  start: async (args) => handOver(await setUp({ build: true }), ['dist/tools/start.mjs', ...args]),
  bench: async (args) => handOver(await setUp({ build: true }), ['dist/tools/bench.mjs', ...args]),
  test: async (args) => runTests(await setUp({ build: false }), args),
  'sign-in': () => printSignInLink(),
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command) throw new Failure(`Usage: npm start | npm test | npm run sign-in | npm run bench`);
  process.exitCode = (await command(args)) ?? 0;
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
