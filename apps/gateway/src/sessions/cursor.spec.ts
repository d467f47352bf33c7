import fc from 'fast-check';
import { z } from 'zod';
import { ProblemException } from '../problems/problem';
import { decodeCursor, encodeCursor } from './cursor';

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
