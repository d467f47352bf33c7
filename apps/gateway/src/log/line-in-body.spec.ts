import fc from 'fast-check';
import { lineInBody } from './line-in-body';

const bytes = (text: string) => new TextEncoder().encode(text);

it('finds every line of a body, with or without a newline at its end', () => {
  const line = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\n', ''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.boolean(), (lines, ended) => {
      fc.pre(ended || lines.at(-1) !== '');
      const body = bytes(lines.join('\n') + (ended ? '\n' : ''));
      expect(lines.map((_, index) => lineInBody(body, index))).toEqual(lines);
      expect(lineInBody(body, lines.length)).toBeUndefined();
    }),
  );
});

it('takes invalid UTF-8 as it is shown', () => {
  expect(lineInBody(new Uint8Array([0xff, 0x0a, 0x41]), 0)).toBe('\ufffd');
  expect(lineInBody(new Uint8Array([0xff, 0x0a, 0x41]), 1)).toBe('A');
});
