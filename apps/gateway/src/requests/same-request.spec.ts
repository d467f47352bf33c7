import * as fc from 'fast-check';
import { conditionalRequest } from './same-request';

const asked = (url: string, rawHeaders: string[]) => conditionalRequest({ url, rawHeaders });

const text = fc.string({ maxLength: 6 }).filter((value) => !/[\n\r\0]/.test(value));
const name = text.filter((value) => value.toLowerCase() !== 'if-none-match');
const request = fc.record({ url: text, headers: fc.array(fc.tuple(name, text), { maxLength: 4 }) });

it('has one key for one request, and another for every other', () => {
  fc.assert(
    fc.property(request, request, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(asked(one.url, one.headers.flat()).key === asked(other.url, other.headers.flat()).key).toBe(
        same,
      );
    }),
  );
});

it('leaves out what it holds, wherever that stands', () => {
  fc.assert(
    fc.property(request, text, fc.nat(4), ({ url, headers }, held, at) => {
      const place = Math.min(at, headers.length);
      const held2 = [...headers.slice(0, place), ['If-None-Match', held], ...headers.slice(place)].flat();
      expect(asked(url, held2)).toEqual({ key: asked(url, headers.flat()).key, held });
    }),
  );
});

it('holds nothing for sure that is said twice', () => {
  expect(asked('/', ['if-none-match', '"a"', 'If-None-Match', '"b"']).held).toBeUndefined();
});
