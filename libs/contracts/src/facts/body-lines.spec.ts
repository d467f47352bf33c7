import * as fc from 'fast-check';
import { bodyLine, bodyLines } from './body-lines';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const line = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => text.toWellFormed().replaceAll('\n', ' '));

it('gives every line, in order, with its place, with or without a newline at the end, of a plain array and a Buffer', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), fc.boolean(), (lines, ends) => {
      // An empty last line without its newline is none.
      const text = lines.map((one) => `${one}\n`).join('') + (ends ? '' : 'last');
      const expected = ends ? lines : [...lines, 'last'];
      for (const body of [bytesOf(text), Buffer.from(text)]) {
        const found = [...bodyLines(body)];
        expect(found.map((one) => one.text)).toEqual(expected);
        for (const { offset, bytes, line: n } of found) {
          expect(Buffer.from(body.subarray(offset, offset + bytes)).toString()).toBe(expected[n]);
          expect(bodyLine(body, n)).toBe(expected[n]);
        }
        expect(bodyLine(body, expected.length)).toBeUndefined();
      }
    }),
  );
});

it('begins behind what was read, and keeps the numbers of lines', () => {
  const body = bytesOf('one\ntwo\nthree\n');
  expect([...bodyLines(body, 4)].map(({ line: n, text }) => [n, text])).toEqual([
    [1, 'two'],
    [2, 'three'],
  ]);
  // In the middle of a line: that one was not read as a whole, and is not a line any more.
  expect([...bodyLines(body, 5)].map(({ text }) => text)).toEqual(['three']);
});

it('reads what is no UTF-8 as replacement characters, and leaves a mark at the beginning', () => {
  expect(bodyLine(new Uint8Array([0xff, 0x0a, 0x41]), 0)).toBe('\ufffd');
  expect(bodyLine(new Uint8Array([0xff, 0x0a, 0x41]), 1)).toBe('A');
  expect(bodyLine(bytesOf('\ufeff{}'), 0)).toBe('\ufeff{}');
});
