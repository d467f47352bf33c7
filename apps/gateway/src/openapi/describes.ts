import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { exampleOf } from './examples';
import { jsonSchema, queryFields } from './json-schema';
import { problemContent } from './problem-answers';

export interface Description {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** Of body and answer where contracts hold none. */
  readonly examples?: { readonly body?: unknown; readonly answer?: unknown };
  /** Of success; default 200. */
  readonly status?: number;
  /** Other answers in JSON that are no problems, by status. */
  readonly otherwise?: Readonly<Record<number, { readonly schema: z.ZodType; readonly example: unknown }>>;
  /** Media types of an answer that is not JSON, or that may be other than JSON. */
  readonly produces?: string | readonly string[];
  /** Answers carry an ETag; If-None-Match gets 304. */
  readonly conditional?: boolean;
  readonly notFound?: boolean;
  /** Further problems it may answer with, by status: what each means. Those that any route may answer with are known. */
  readonly problems?: Readonly<Record<number, string>>;
}

export const descriptionKey = 'telltale:description';

/** What a route takes and gives, for OpenAPI: from the same schemas that check it. */
export function Describes(description: Description): MethodDecorator {
  const { summary, status = 200 } = description;
  return applyDecorators(
    SetMetadata(descriptionKey, description),
    ApiOperation({ summary }),
    ...(description.query ? queryFields(description.query).map((field) => ApiQuery(field)) : []),
    ...bodyOf(description),
    ...(description.conditional ? [ApiHeader({ name: 'If-None-Match', required: false })] : []),
    ...(description.conditional ? [ApiResponse({ status: 304, description: 'Nothing changed' })] : []),
    ApiResponse({ status, description: 'OK', ...success(description) }),
    ...Object.entries(description.otherwise ?? {}).map(([code, { schema, example }]) =>
      ApiResponse({
        status: Number(code),
        description: 'Not so',
        content: { 'application/json': { schema: jsonSchema(schema, 'output'), example } },
      }),
    ),
    ...Object.entries(problemsOf(description)).map(([code, text]) =>
      ApiResponse({ status: Number(code), description: text, content: problemContent(Number(code)) }),
    ),
  );
}

function bodyOf({ body, examples }: Description) {
  if (!body) return [];
  const value = examples?.body ?? exampleOf(body);
  return [
    ApiBody({
      schema: jsonSchema(body, 'input'),
      ...(value === undefined ? {} : { examples: { example: { value } } }),
    }),
  ];
}

function success({ answer, produces = [], examples }: Description) {
  const text = { schema: { type: 'string' as const } };
  const others = Object.fromEntries([produces].flat().map((type) => [type, text]));
  if (!answer) return produces.length === 0 ? {} : { content: others };
  const example = examples?.answer ?? exampleOf(answer);
  const json = { schema: jsonSchema(answer, 'output'), ...(example === undefined ? {} : { example }) };
  return { content: { 'application/json': json, ...others } };
}

function problemsOf({ notFound, problems }: Description): Readonly<Record<number, string>> {
  return { ...(notFound ? { 404: 'There is no such thing' } : {}), ...problems };
}
