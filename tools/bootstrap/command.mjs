import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';

/**
 * Runs a program to its end, quietly.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, explain?: (output: string) => string }} options `explain` makes the
 *   failure's message of what the program said
 * @returns {Promise<string>} what it printed
 */
export function run(file, args, { cwd, env, explain } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-200_000)));
    }
    child.once('error', (error) => fail(new Failure(`${file} cannot be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return done(output);
      const how = signal ? `ended by ${signal}` : `exit code ${code}`;
      fail(
        new Failure(
          explain ? explain(output) : `${file} ${args.join(' ')} failed (${how})\n${lastLines(output, 60)}`,
        ),
      );
    });
  });
}

/**
 * Runs a program whose output the person sees.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function show(file, args, { cwd, env } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
    child.once('error', (error) => fail(new Failure(`${file} cannot be run: ${error.message}`)));
    child.once('close', (code) => done(code ?? 1));
  });
}

/** @param {string} text @param {number} count */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
