import { etagOf, fingerprint, isHeld } from './etag';

it('names equal parts equally, and others differently', () => {
  expect(fingerprint('a', 1, [['x', 2]])).toBe(fingerprint('a', 1, [['x', 2]]));
  expect(fingerprint('a', 1)).not.toBe(fingerprint('a', '1'));
  expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
});

it.each([
  [undefined, false],
  ['"a.1"', true],
  ['W/"a.1"', true],
  ['"b.2", "a.1"', true],
  ['*', true],
  ['"a.2"', false],
  ['a.1', false],
  ['', false],
])('If-None-Match %s: held %s', (header, held) => {
  expect(isHeld(header, etagOf('a.1'))).toBe(held);
});
