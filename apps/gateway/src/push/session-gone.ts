import { problem, ProblemException } from '../problems/problem';

/** 410: a session that was deleted does not come back under its id. */
export function sessionGone(sessionId: string): ProblemException {
  const detail = `The session ${JSON.stringify(sessionId)} was deleted for good. Push under another id.`;
  return new ProblemException(problem(410, detail));
}
