import type { OpenAPIObject } from '@nestjs/swagger';
import { problemSchema } from '@telltale/contracts';
import { problem } from '../problems/problem';
import { jsonSchema } from './json-schema';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** A problem as it is answered with this status. */
export function problemContent(status: number) {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { 'application/problem+json': { schema, example: problem(status) } };
}

/** An operation that needs no user carries this; it does not stay in the document. */
export const openExtension = 'x-open';

/** What any route may answer with, where it applies: why, and to which operations. */
const common: readonly {
  readonly status: number;
  readonly text: string;
  readonly applies?: (operation: Operation, method: string) => boolean;
}[] = [
  { status: 400, text: 'A value is not valid, or there is no such parameter; `field` names it' },
  { status: 401, text: 'Nobody is signed in, or the token is not valid any more', applies: isClosed },
  {
    status: 403,
    text: 'Role or token do not allow this, or a page of a foreign origin asks',
    applies: (operation, method) => isClosed(operation) || method !== 'get',
  },
  { status: 413, text: 'The body is too large', applies: takesBody },
  { status: 415, text: 'The body is no JSON', applies: takesBody },
  { status: 421, text: 'The gateway does not know itself by this Host' },
  { status: 500, text: 'Nobody foresaw this' },
  {
    status: 503,
    text: 'The database or the log does not answer, or too much is asked for at once; see Retry-After',
  },
];

export const problemComponents = {
  schemas: { Problem: jsonSchema(problemSchema, 'output') },
  responses: Object.fromEntries(
    common.map(({ status, text }) => [
      `Problem${status}`,
      { description: text, content: problemContent(status) },
    ]),
  ),
};

/** Adds what any route may answer with, unless the route says what it means there. */
export function addProblems(operation: Operation, method: string): void {
  for (const { status, applies } of common) {
    if (operation.responses[status] !== undefined || applies?.(operation, method) === false) continue;
    operation.responses[status] = { $ref: `#/components/responses/Problem${status}` };
  }
}

function isClosed(operation: Operation): boolean {
  return Reflect.get(operation, openExtension) !== true;
}

function takesBody(operation: Operation): boolean {
  return operation.requestBody !== undefined;
}
