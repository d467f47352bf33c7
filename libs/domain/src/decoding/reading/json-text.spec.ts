import * as fc from 'fast-check';
import { jsonStart, jsonText } from './json-text';

const nested = (depth: number): unknown => JSON.parse('[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth));

describe('jsonStart', () => {
  it('is the JSON of a small value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) =>
        expect(jsonStart(value, 1e6)).toBe(JSON.stringify(value)),
      ),
    );
  });
  it('stops soon after what it was asked for', () => {
    const value = { list: Array.from({ length: 100_000 }, (_, n) => ({ n, text: 'x'.repeat(1000) })) };
    expect(jsonStart(value, 2048).length).toBeLessThan(5000);
  });
  it('copes with any depth', () => expect(jsonStart(nested(10_000), 2048)).toContain('…'));
});

describe('jsonText', () => {
  it('is indented JSON', () => expect(jsonText({ a: 1 })).toBe('{\n  "a": 1\n}'));
  it('is a beginning where the value is too deep for JSON.stringify', () =>
    expect(jsonText(nested(50_000))).toContain('…'));
});
