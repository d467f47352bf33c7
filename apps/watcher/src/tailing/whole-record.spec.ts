import fc from 'fast-check';
import { isWholeRecord } from './whole-record';

test.each([
  ['{"a":1}', true],
  ['{}', true],
  ['{"a":"}', false],
  ['{"a":{"b":1}', false],
  ['[{}]', false],
  ['half}', false],
  ['', false],
  ['12', false],
])('%s: %s', (text, whole) => {
  expect(isWholeRecord(Buffer.from(text))).toBe(whole);
});

test('no part of a record that begins at its start is a whole one', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const bytes = Buffer.from(JSON.stringify(record));
      expect(isWholeRecord(bytes)).toBe(true);
      const whole = Array.from(bytes, (_, end) => end).filter((end) => isWholeRecord(bytes.subarray(0, end)));
      expect(whole).toEqual([]);
    }),
  );
});
