import { problem, ProblemException } from '../../problems/problem';

export const tooManyOpen = { 429: 'The user has too many sockets and event streams open' };

/** A browser's EventSource that is told so does not come back by itself; programs wait as long as they are told. */
export function tooManySockets(): ProblemException {
  const detail = 'Too many sockets and event streams are open. Close some, or try again later.';
  return new ProblemException(problem(429, detail), { 'retry-after': '30' });
}
