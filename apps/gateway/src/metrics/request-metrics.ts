import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Histogram, type Registry } from 'prom-client';

const name = 'telltale_http_request_seconds';
type Labels = 'method' | 'route' | 'status';

/** How long requests take, by route and status: the one of this registry. */
export function requestDuration(registry: Registry): Histogram<Labels> {
  const known = registry.getSingleMetric(name);
  if (known instanceof Histogram) return known;
  return new Histogram({
    name,
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
}

/** Times every request that comes here. */
export function requestMetrics(registry: Registry): RequestHandler {
  const duration = requestDuration(registry);
  return (request: Request, response: Response, next: NextFunction) => {
    const stop = duration.startTimer();
    response.once('finish', () => {
      stop({ method: request.method, route: routeOf(request), status: String(response.statusCode) });
    });
    next();
  };
}

/** Unknown paths are one label: they are the caller's choice. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  const known =
    typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string';
  return known ? (route as { path: string }).path : 'other';
}
