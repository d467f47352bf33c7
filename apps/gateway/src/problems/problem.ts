import { HttpException } from '@nestjs/common';
import type { Problem } from '@telltale/contracts';
import { STATUS_CODES } from 'node:http';

/** A failure as the client is told of it: RFC 9457 problem details. */
export class ProblemException extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem, problem.status);
  }
}

export const problemContentType = 'application/problem+json; charset=utf-8';

/** `type` is always about:blank: the status says what kind of problem it is, `detail` and `field` the rest. */
export function problem(status: number, detail?: string, field?: string): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(field === undefined ? {} : { field }),
  };
}

/** 400, naming the query value, path part or body field at fault. */
export function badRequest(field: string, detail: string): ProblemException {
  return new ProblemException(problem(400, detail, field));
}

export function notFound(detail: string): ProblemException {
  return new ProblemException(problem(404, detail));
}

export function unauthorized(detail: string): ProblemException {
  return new ProblemException(problem(401, detail), { 'www-authenticate': 'Bearer' });
}

export function forbidden(detail: string): ProblemException {
  return new ProblemException(problem(403, detail));
}

export function conflict(detail: string): ProblemException {
  return new ProblemException(problem(409, detail));
}
