import { NotFoundException } from '@nestjs/common';
import { z } from 'zod';
import { parse } from './parse';
import { badRequest, ProblemException } from './problem';
import { toProblem } from './to-problem';

it('passes on what is meant for the client', () => {
  const { problem, unexpected } = toProblem(badRequest('limit', 'Too large.'));
  expect(problem).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'Too large.',
    field: 'limit',
  });
  expect(unexpected).toBe(false);
  expect(toProblem(new NotFoundException('Cannot GET /api/x')).problem).toMatchObject({
    status: 404,
    title: 'Not Found',
  });
});

it('repeats no query, where a token may stand', () => {
  const { detail } = toProblem(
    new NotFoundException('Cannot GET /api/x?access_token=hunter2&y=/a?b'),
  ).problem;
  expect(detail).toBe('Cannot GET /api/x');
  expect(toProblem(new NotFoundException('Really? Yes.')).problem.detail).toBe('Really? Yes.');
});

it('says nothing of an unexpected error but that it happened', () => {
  const { problem, unexpected } = toProblem(new Error('password is hunter2'));
  expect(problem).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
  expect(unexpected).toBe(true);
});

it.each([
  [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }), 503],
  [Object.assign(new Error('terminating connection'), { code: '57P01' }), 503],
  [new Error('Connection terminated unexpectedly'), 503],
  [Object.assign(new Error('invalid byte sequence for encoding "UTF8": 0x00'), { code: '22021' }), 400],
  [Object.assign(new Error('syntax error'), { code: '42601' }), 500],
  [Object.assign(new SyntaxError('Unexpected token'), { status: 400, type: 'entity.parse.failed' }), 400],
  [Object.assign(new Error('request entity too large'), { status: 413 }), 413],
  [undefined, 500],
  ['thrown text', 500],
])('%s: %i', (error, status) => {
  expect(toProblem(error).problem.status).toBe(status);
});

describe('parsing', () => {
  const schema = z.strictObject({
    limit: z.coerce.number().max(5),
    nested: z.object({ a: z.string() }).optional(),
  });
  const fieldOf = (value: unknown) => {
    try {
      return parse(schema, value);
    } catch (error) {
      if (error instanceof ProblemException) return error.problem.field;
      throw error;
    }
  };

  it('names the field at fault', () => {
    expect(fieldOf({ limit: '3' })).toEqual({ limit: 3 });
    expect(fieldOf({ limit: 9 })).toBe('limit');
    expect(fieldOf({ limit: 1, nested: { a: 1 } })).toBe('nested.a');
    expect(fieldOf({ limit: 1, unknown: 1 })).toBe('unknown');
    expect(fieldOf(undefined)).toBe('limit');
  });
});
