import { problem, ProblemException } from '../problems/problem';
import { LogSilentError } from './fact-history';
import { TooBusyError } from '../work/bounded-work';

/** A session's files are read from the log whole: above this none is. */
const mostBytes = 256 * 1024 * 1024;
/** And so many records that count. */
export const mostRecords = 250_000;
/** Of what is read of one, while it is held. */
export const bytesOfRecord = 1_200;

export const historyProblems = {
  413: 'The session is too large to be read again from the log',
  503: 'The log does not answer, or too many sessions are read at once; see Retry-After',
};

/** @throws ProblemException 413 */
export function refuseTooLarge(files: readonly { readonly bytes: number }[], records: number): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > mostBytes) throw tooMuch(`${Math.round(bytes / 1024 / 1024)} MB of files`);
  if (records > mostRecords) throw tooMuch(`more than ${mostRecords} records`);
}

export function tooMuch(what: string): ProblemException {
  return new ProblemException(
    problem(413, `The session has ${what}: that is too much to be read again from the log.`),
  );
}

/** What the client is told of a failure that passes; other errors as they are. */
export function passing(error: unknown): unknown {
  if (error instanceof LogSilentError)
    return new ProblemException(problem(503, 'The log does not answer. Try again in a moment.'), {
      'retry-after': '1',
    });
  if (error instanceof TooBusyError)
    return new ProblemException(problem(503, 'Too many sessions are read from the log at once.'), {
      'retry-after': '2',
    });
  return error;
}
