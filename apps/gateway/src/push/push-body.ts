import { pushLimits } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { problem, ProblemException } from '../problems/problem';
import { sendProblem } from '../problems/problem.filter';

/** In any case of letters, as the router takes it. */
const pushPath = /^\/api\/sessions(?:\/[^/]+\/(?:chat|end))?\/?$/i;

/** Reads what is pushed, which may be larger than what other routes take. */
export function pushBody(logger: Logger): RequestHandler {
  const parser = json({ limit: pushLimits.bodyBytes });
  return (request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'POST' || !pushPath.test(request.path)) return next();
    const isEmpty = request.headers['content-length'] === '0';
    if (!isEmpty && request.is('json') === false) {
      const detail = 'Send JSON, with content-type: application/json.';
      return sendProblem(new ProblemException(problem(415, detail)), request, response, logger);
    }
    parser(request, response, (error?: unknown) => {
      if (error === undefined) return next();
      sendProblem(isTooLarge(error) ? tooLarge() : error, request, response, logger);
    });
  };
}

export function tooLarge(): ProblemException {
  const detail = `A request holds at most ${pushLimits.bodyBytes / 1024} KiB. Send several.`;
  return new ProblemException(problem(413, detail));
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.too.large';
}
