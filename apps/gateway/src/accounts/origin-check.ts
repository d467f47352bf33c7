import type { Logger } from '@telltale/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { GatewayConfig } from '../config';
import { forbidden, problem, ProblemException } from '../problems/problem';
import { sendProblem } from '../problems/problem.filter';
import { isOwnHost, isTrustedOrigin } from './origins';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Probes and scrapers call by whatever address they know. */
const anyHost = new Set(['/healthz', '/readyz', '/metrics']);

/** Refuses requests under a foreign Host, and changes asked for by a foreign page. */
export function originCheck(config: GatewayConfig, logger: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (hosts(request) > 1)
      return sendProblem(
        new ProblemException(problem(400, 'A request has one Host.')),
        request,
        response,
        logger,
      );
    if (!anyHost.has(request.path) && !isOwnHost(request.headers.host, config)) {
      const detail = 'This host name is not known here. Set TELLTALE_PUBLIC_URL to the address you use.';
      return sendProblem(new ProblemException(problem(421, detail)), request, response, logger);
    }
    if (!safeMethods.has(request.method) && !isTrustedOrigin(request.headers, config)) {
      const detail = 'Requests from this origin are not allowed. See TELLTALE_ALLOWED_ORIGINS.';
      return sendProblem(forbidden(detail), request, response, logger);
    }
    next();
  };
}

/** Of several, Node takes the first and a proxy perhaps another one. */
function hosts({ rawHeaders }: Request): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
}
