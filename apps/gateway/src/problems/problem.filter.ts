import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import type { Request, Response } from 'express';
import { LOGGER } from '../connections';
import { problemContentType } from './problem';
import { toProblem } from './to-problem';
import { answerAndClose, hasUnreadBody } from './unread-body';

/** Every error of every route leaves as problem details; never a stack trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<Request>(), http.getResponse<Response>(), this.logger);
  }
}

/** For middleware, which runs outside of Nest's filters. */
export function sendProblem(error: unknown, request: Request, response: Response, logger: Logger): void {
  const answer = toProblem(error);
  if (answer.unexpected)
    logger.error('request failed', { method: request.method, path: request.path, error });
  if (response.headersSent) {
    // A body is under way: cut, without the end that HTTP puts behind a whole one.
    if (!response.writableEnded) response.destroy();
    return;
  }
  response.status(answer.problem.status);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-type', problemContentType);
  response.setHeader('cache-control', 'no-store');
  response.removeHeader('etag'); // a route may have tagged what it was about to say
  const body = JSON.stringify(answer.problem);
  if (hasUnreadBody(request)) answerAndClose(request, response, body);
  else response.end(body);
}
