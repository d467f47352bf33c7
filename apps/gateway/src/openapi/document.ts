import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '@telltale/platform';
import type { NextFunction, Request, Response } from 'express';
import { AccessGuard } from '../accounts/access.guard';
import { sendProblem } from '../problems/problem.filter';
import { version } from '../version';

const path = '/api/docs';

export function describeApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Telltale')
    .setDescription('What AI coding agents and test runs are doing. Errors are RFC 9457 problem details.')
    .setVersion(version)
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, about);
}

/** Serves the description at /api/docs, as JSON at /api/docs-json, to users only: Nest's guards do not reach it. */
export function serveApiDescription(app: NestExpressApplication, logger: Logger): void {
  const guard = app.get(AccessGuard);
  const usersOnly = (request: Request, response: Response, next: NextFunction) => {
    guard.userOf(request).then(
      () => next(),
      (error: unknown) => sendProblem(error, request, response, logger),
    );
  };
  for (const each of [path, `${path}-json`, `${path}-yaml`]) app.use(each, usersOnly);
  SwaggerModule.setup(path, app, () => describeApi(app), { customSiteTitle: 'Telltale API' });
}
