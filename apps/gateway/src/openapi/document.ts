import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '@telltale/platform';
import type { NextFunction, Request, Response } from 'express';
import { sendProblem } from '../problems/problem.filter';
import { version } from '../version';
import { addProblems, openExtension, problemComponents } from './problem-answers';
import { tagOf, tags } from './tags';

const path = '/api/docs';
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const description = `What AI coding agents and test runs are doing.

Errors are RFC 9457 problem details. Sign in with \`POST /api/auth/login\`, or send an API token as bearer. What an
operation needs beside a user stands in its summary; reading needs the scope \`read\`, all else \`admin\`.`;

/** @param cookie name of the one that carries a sign-in */
export function describeApi(app: INestApplication, cookie: string): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Telltale')
    .setDescription(description)
    .setVersion(version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'Of a sign-in, or an API token (`tt_…`)' })
    .addCookieAuth(cookie)
    .build();
  const document = SwaggerModule.createDocument(app, { ...about, tags: [...tags] });
  for (const [where, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) complete(operation, method, where);
    }
  }
  const { schemas, responses } = problemComponents;
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...schemas },
    responses,
  };
  return document;
}

type Operation = Parameters<typeof addProblems>[0];

function complete(operation: Operation, method: string, where: string): void {
  addProblems(operation, method);
  const isOpen = Reflect.get(operation, openExtension) === true;
  Reflect.deleteProperty(operation, openExtension);
  operation.security = isOpen ? [] : [{ bearer: [] }, { cookie: [] }];
  operation.tags = [tagOf(where)];
}

/** Who may read the description. */
export interface Readers {
  readonly cookie: string;
  /** Rejects where it is nobody we know. */
  readonly guard: { userOf(request: Request): Promise<unknown> };
}

/** Serves the description at /api/docs, as JSON at /api/docs-json, to users only: Nest's guards do not reach it. */
export function serveApiDescription(
  app: NestExpressApplication,
  { cookie, guard }: Readers,
  logger: Logger,
): void {
  const usersOnly = (request: Request, response: Response, next: NextFunction) => {
    guard.userOf(request).then(
      () => next(),
      (error: unknown) => sendProblem(error, request, response, logger),
    );
  };
  for (const each of [path, `${path}-json`, `${path}-yaml`]) app.use(each, usersOnly);
  SwaggerModule.setup(path, app, () => describeApi(app, cookie), { customSiteTitle: 'Telltale API' });
}
