import fc from 'fast-check';
import { z } from 'zod';
import { ProblemException } from '../problems/problem';
import { cursorBigint, cursorTime, decodeCursor, encodeCursor } from './cursor';

const schema = z.tuple([z.string(), z.number().int()]);

it('gives back what was put in, and is safe in a URL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, n) => {
      const cursor = encodeCursor([text, n]);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(decodeCursor(schema, cursor, 'cursor')).toEqual([text, n]);
    }),
  );
});

it('refuses everything else as a problem of the field, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (text) => {
        try {
          expect(schema.safeParse(decodeCursor(schema, text, 'after')).success).toBe(true);
        } catch (error) {
          if (!(error instanceof ProblemException)) throw error;
          expect(error.problem).toMatchObject({ status: 400, field: 'after' });
        }
      },
    ),
  );
});

it.each([
  ['2026-03-01 10:00:00+00', true],
  ['2024-02-29 23:59:59.123456+05:45', true],
  ['1970-01-01 00:00:00-11', true],
  ['2026-02-30 10:00:00+00', false],
  ['9999-99-99 99:99:99+99', false],
  ['2026-03-01 24:00:00+00', false],
  ['2026-03-01 10:00:00+99', false],
  ['0000-01-01 00:00:00+00', false],
  ['-4712-01-01 00:00:00+00', false],
  ['999999-01-01 00:00:00+00', false],
  ['2026-03-01T10:00:00Z', false],
  ['now', false],
])('takes %s for a time: %s', (text, isTime) => {
  expect(cursorTime.safeParse(text).success).toBe(isTime);
});

it.each([
  ['0', true],
  ['-5', true],
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['-9223372036854775809', false],
  ['1e3', false],
  ['', false],
])('takes %s for a number: %s', (text, isNumber) => {
  expect(cursorBigint.safeParse(text).success).toBe(isNumber);
});
