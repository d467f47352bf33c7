import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { problemSchema } from '@telltale/contracts';
import type { z } from 'zod';
import { jsonSchema, queryFields } from './json-schema';

interface Description {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** Of success; default 200. */
  readonly status?: number;
  /** Media type of an answer that is not JSON. */
  readonly produces?: string;
  /** Answers carry an ETag; If-None-Match gets 304. */
  readonly conditional?: boolean;
  readonly notFound?: boolean;
  /** Further problems it may answer with, by status: what each means. */
  readonly problems?: Readonly<Record<number, string>>;
}

/** What a route takes and gives, for OpenAPI: from the same schemas that check it. */
export function Describes(description: Description): MethodDecorator {
  const { summary, status = 200 } = description;
  return applyDecorators(
    ApiOperation({ summary }),
    ApiBearerAuth(),
    ...(description.query ? queryFields(description.query).map((field) => ApiQuery(field)) : []),
    ...(description.body ? [ApiBody({ schema: jsonSchema(description.body, 'input') })] : []),
    ...(description.conditional ? [ApiHeader({ name: 'If-None-Match', required: false })] : []),
    ...(description.conditional ? [ApiResponse({ status: 304, description: 'Nothing changed' })] : []),
    ApiResponse({ status, description: 'OK', ...success(description) }),
    ...problems(description).map(([code, text]) =>
      ApiResponse({ status: code, description: text, ...problemContent }),
    ),
  );
}

const problemContent = {
  content: { 'application/problem+json': { schema: jsonSchema(problemSchema, 'output') } },
};

function success({ answer, produces }: Description) {
  if (produces !== undefined) return { content: { [produces]: { schema: { type: 'string' as const } } } };
  return answer ? { schema: jsonSchema(answer, 'output') } : {};
}

function problems(description: Description): [number, string][] {
  const takesInput = description.query !== undefined || description.body !== undefined;
  return [
    ...(takesInput ? [[400, 'A value is not valid; `field` names it'] satisfies [number, string]] : []),
    [401, 'Nobody is signed in'],
    ...(description.notFound ? [[404, 'There is no such thing'] satisfies [number, string]] : []),
    ...Object.entries(description.problems ?? {}).map(([code, text]): [number, string] => [
      Number(code),
      text,
    ]),
  ];
}
