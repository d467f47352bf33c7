import { binaryArray, type Element, type ElementType } from './binary-array';

/** Reads an array back as PostgreSQL would: its elements' bytes, null for null. */
function elementsOf(array: Buffer): { typeId: number; hasNull: boolean; elements: (Buffer | null)[] } {
  const elements: (Buffer | null)[] = [];
  const dimensions = array.readInt32BE(0);
  let at = dimensions === 0 ? array.length : 20;
  while (at < array.length) {
    const size = array.readInt32BE(at);
    at += 4;
    elements.push(size < 0 ? null : array.subarray(at, at + size));
    at += Math.max(0, size);
  }
  if (dimensions > 0) {
    expect(array.readInt32BE(12)).toBe(elements.length);
    expect(array.readInt32BE(16)).toBe(1);
  }
  expect(at).toBe(array.length);
  return { typeId: array.readInt32BE(8), hasNull: array.readInt32BE(4) === 1, elements };
}

const textsOf = (values: readonly Element[]) =>
  elementsOf(binaryArray('text', values)).elements.map((bytes) => bytes && bytes.toString('utf8'));

describe('binaryArray', () => {
  it('writes an empty array without dimensions', () => {
    expect(binaryArray('text', []).toString('hex')).toBe('000000000000000000000019');
  });

  it('writes texts of any script and length', () => {
    const texts = ['', 'a', 'ä'.repeat(5_000), '界', null, '🙂'.repeat(700), 'plain'.repeat(900), null, 'z'];
    expect(textsOf(texts)).toEqual(texts);
    expect(elementsOf(binaryArray('text', texts)).hasNull).toBe(true);
    expect(elementsOf(binaryArray('text', ['a']))).toMatchObject({ typeId: 25, hasNull: false });
  });

  it('finds room however wide characters and nulls follow each other', () => {
    for (let length = 0; length < 40; length++) {
      const texts = Array.from({ length }, (_, n) => (n % 3 === 0 ? null : '→'.repeat((n * 7) % 11)));
      expect(textsOf(texts)).toEqual(texts);
    }
  });

  it('makes NUL and lone surrogates storable', () => {
    expect(textsOf(['a\0b', 'x\ud800y'])).toEqual(['a\u2400b', 'x\ufffdy']);
  });

  it('writes JSON behind the version of its format', () => {
    const [bytes] = elementsOf(binaryArray('jsonb', ['{"a":"界"}'])).elements;
    expect(bytes?.[0]).toBe(1);
    expect(bytes?.subarray(1).toString()).toBe('{"a":"界"}');
  });

  it('writes numbers in the width of their type', () => {
    const hexOf = (type: ElementType, value: Element) =>
      elementsOf(binaryArray(type, [value])).elements[0]?.toString('hex');
    expect(hexOf('boolean', true)).toBe('01');
    expect(hexOf('boolean', false)).toBe('00');
    expect(hexOf('smallint', -2)).toBe('fffe');
    expect(hexOf('integer', 258)).toBe('00000102');
    expect(hexOf('bigint', 2 ** 40)).toBe('0000010000000000');
    expect(hexOf('bigint', -1n)).toBe('ffffffffffffffff');
    expect(hexOf('timestamptz', 946_684_800_001)).toBe('00000000000003e8');
    expect(hexOf('timestamptz', 946_684_799_999)).toBe('fffffffffffffc18');
    expect(hexOf('timestamptz', 946_684_800_000.25)).toBe('00000000000000fa');
  });

  it.each<[ElementType, Element]>([
    ['smallint', 32_768],
    ['integer', 2 ** 31],
    ['integer', 1.5],
    ['integer', NaN],
    ['bigint', 2n ** 63n],
    ['bigint', 1.5],
    ['timestamptz', Infinity],
  ])('refuses a %s of %s', (type, value) => {
    expect(() => binaryArray(type, [value])).toThrow(RangeError);
  });
});
