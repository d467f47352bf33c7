import { StartFailure } from './failure';
import { startNodeProgram, type NodeProgram } from './node-program';
import { describeExit } from './supervised';

/**
 * Runs one of our programs that does its work and ends.
 *
 * @param signal ends it before it is done
 * @returns what it printed, line by line
 * @throws StartFailure with its last words when it fails
 */
export async function runToEnd(program: NodeProgram, what: string, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  const running = startNodeProgram({
    ...program,
    onLine: (line, from) => {
      lines.push(line);
      program.onLine(line, from);
    },
  });
  const stop = () => void running.stop();
  signal.addEventListener('abort', stop);
  const exit = await running.exited;
  signal.removeEventListener('abort', stop);
  if (exit.code === 0) return lines;
  throw new StartFailure(`${what} ${describeExit(exit)}.\n${lines.slice(-12).join('\n')}`);
}
