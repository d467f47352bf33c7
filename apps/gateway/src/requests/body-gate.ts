import type { Logger } from '@telltale/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AccessGuard } from '../accounts/access.guard';
import { problem, ProblemException } from '../problems/problem';
import { sendProblem } from '../problems/problem.filter';
import type { Access } from '../accounts/scopes';
import { bodyLimit, isOpenToBodies, isPush } from './body-limits';
import { readJson, tooLarge } from './read-body';

const bodiless = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export interface Admission {
  readonly guard: Pick<AccessGuard, 'accessOf'>;
  /** Of who pushes. @throws ProblemException 429 */
  readonly pushRate: { count(request: Request, access: Access): void };
}

/**
 * Reads bodies: of those who may come in at all and do not come too often, JSON alone, and no more than the path takes.
 * Nobody else's.
 */
export function bodyGate(admission: Admission, logger: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!hasBody(request)) return next();
    admit(request, response, admission).then(
      () => next(),
      (error: unknown) => sendProblem(error, request, response, logger),
    );
  };
}

async function admit(request: Request, response: Response, { guard, pushRate }: Admission): Promise<void> {
  const { method, path, headers } = request;
  if (bodiless.has(method)) throw new ProblemException(problem(400, `A ${method} request has no body.`));
  const access = isOpenToBodies(path) ? undefined : await guard.accessOf(request);
  const limit = bodyLimit(method, path);
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (!isJson(headers['content-type'])) {
    const detail = 'Send JSON in UTF-8, with content-type: application/json.';
    throw new ProblemException(problem(415, detail));
  }
  if (access && isPush(method, path)) pushRate.count(request, access);
  if (headers.expect !== undefined) response.writeContinue();
  request.body = await readJson(request, limit);
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i.test(type.trim());
}
