import { StartFailure } from './failure';
import { startNodeProgram, type NodeProgram } from './node-program';
import { describeExit } from './supervised';

/**
 * Runs one of our programs that does its work and ends.
 *
 * @returns what it printed, line by line
 * @throws StartFailure with its last words when it fails
 */
export async function runToEnd(program: NodeProgram, what: string): Promise<string[]> {
  const lines: string[] = [];
  const exit = await startNodeProgram({
    ...program,
    onLine: (line, from) => {
      lines.push(line);
      program.onLine(line, from);
    },
  }).exited;
  if (exit.code === 0) return lines;
  throw new StartFailure(`${what} ${describeExit(exit)}.\n${lines.slice(-12).join('\n')}`);
}
